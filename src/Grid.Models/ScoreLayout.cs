namespace Grid.Models;

/// <summary>How a model lays out the scores of N rows: its rank, and how many numbers it writes for a row.</summary>
/// <param name="Rank">1 for <c>[N]</c>, 2 for <c>[N, Columns]</c>.</param>
/// <param name="Columns">1, or 2 where the second column is the score.</param>
internal readonly record struct ScoreLayout(int Rank, int Columns)
{
    public long[] ShapeOf(int rows) => Rank == 1 ? [rows] : [rows, Columns];

    /// <summary>Where the score of a row stands in the output.</summary>
    public int IndexOf(int row) => (row * Columns) + Columns - 1;

    /// <summary>The layout of an output that came out for so many rows; false if it is none that the grid reads.</summary>
    public static bool TryRead(ReadOnlySpan<long> shape, int rows, out ScoreLayout layout)
    {
        layout = new(shape.Length, shape.Length == 2 ? (int)shape[1] : 1);
        return shape.Length is 1 or 2 && shape[0] == rows && layout.Columns is 1 or 2;
    }
}
