namespace Grid.Simulation.Fraud;

/// <summary>Terminals in square cells no narrower than the radius, so that only nine cells are looked at for a place.</summary>
internal sealed class TerminalMap
{
    private const double Side = 100;
    private readonly IReadOnlyList<TerminalProfile> _terminals;
    private readonly double _radius;
    private readonly int _cellsAcross;
    private readonly List<int>?[] _cells;

    public TerminalMap(IReadOnlyList<TerminalProfile> terminals, double radius)
    {
        _terminals = terminals;
        _radius = radius;
        _cellsAcross = (int)Math.Clamp(Math.Floor(Side / radius), 1, 256);
        _cells = new List<int>?[_cellsAcross * _cellsAcross];
        foreach (var terminal in terminals)
        {
            (_cells[(CellOf(terminal.Y) * _cellsAcross) + CellOf(terminal.X)] ??= []).Add(terminal.Id);
        }
    }

    /// <summary>The terminals nearer to the place than the radius, in the order of their ids.</summary>
    public int[] Near(double x, double y)
    {
        List<int> near = [];
        for (var row = Math.Max(0, CellOf(y) - 1); row <= Math.Min(_cellsAcross - 1, CellOf(y) + 1); row++)
        {
            for (var column = Math.Max(0, CellOf(x) - 1); column <= Math.Min(_cellsAcross - 1, CellOf(x) + 1); column++)
            {
                near.AddRange(_cells[(row * _cellsAcross) + column]?.Where(id => IsNear(_terminals[id], x, y)) ?? []);
            }
        }

        near.Sort();
        return [.. near];
    }

    private bool IsNear(TerminalProfile terminal, double x, double y)
    {
        var (dx, dy) = (terminal.X - x, terminal.Y - y);
        return (dx * dx) + (dy * dy) < _radius * _radius;
    }

    private int CellOf(double place) => Math.Min((int)(place / Side * _cellsAcross), _cellsAcross - 1);
}
