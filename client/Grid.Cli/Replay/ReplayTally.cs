using System.Globalization;

namespace Grid.Cli.Replay;

/// <summary>What a replay counted and measured.</summary>
internal sealed class ReplayTally
{
    private const int MostTold = 5;
    private static readonly double[] Parts = [0.5, 0.99, 0.999];
    private readonly List<long> _nanoseconds = [];
    private readonly List<string> _rejections = [];
    private readonly SortedDictionary<string, long> _actions = new(StringComparer.Ordinal);

    public long Accepted { get; private set; }

    public long Duplicates { get; private set; }

    public long Rejected { get; private set; }

    public void Decided(Decision made, TimeSpan took)
    {
        _nanoseconds.Add((long)took.TotalNanoseconds);
        _actions[made.Action] = _actions.GetValueOrDefault(made.Action) + 1;
        _ = made.Duplicate ? Duplicates++ : Accepted++;
    }

    public void Ingested(EventReceipt receipt, long row)
    {
        if (receipt.Outcome == EventOutcome.Rejected)
        {
            Reject(row, receipt.ValidationError!);
            return;
        }

        _ = receipt.Outcome == EventOutcome.Duplicate ? Duplicates++ : Accepted++;
    }

    public void Reject(long row, ValidationError fault)
    {
        Rejected++;
        if (_rejections.Count < MostTold)
        {
            _rejections.Add($"row {row + 1}: {fault}");
        }
    }

    /// <summary>What was replayed of a file that could be read no further, in words.</summary>
    public string Until(long rows) =>
        $"The replay stopped there: {Count(rows)} rows were read; {Count(Accepted)} events of them were accepted "
        + $"and {Count(_nanoseconds.Count)} decisions made.";

    public void Write(Terminal to, long rows, TimeSpan elapsed)
    {
        List<string[]> lines =
        [
            ["rows", Count(rows)],
            ["events accepted", Count(Accepted)],
            ["duplicates", Count(Duplicates)],
            ["rejected", Count(Rejected)],
            ["decisions", Count(_nanoseconds.Count)],
            .. _actions.Select(action => new[] { $"  {action.Key}", Count(action.Value) }),
            ["seconds", Number(elapsed.TotalSeconds)],
            ["events per second", Count((long)((Accepted + Duplicates) / Math.Max(elapsed.TotalSeconds, 1e-9)))],
        ];
        if (_nanoseconds.Count > 0)
        {
            _nanoseconds.Sort();
            lines.Add(["decisions per second", Count((long)(_nanoseconds.Count / Math.Max(elapsed.TotalSeconds, 1e-9)))]);
            lines.AddRange(Parts.Select(part => new[] { $"latency p{part * 100:0.#}", $"{Number(Percentile(part) / 1e3)} µs" }));
            lines.Add(["latency max", $"{Number(_nanoseconds[^1] / 1e3)} µs"]);
        }

        TextTable.Write(to.Out, lines);
        foreach (var rejection in _rejections)
        {
            to.Error.WriteLine(rejection);
        }

        if (Rejected > _rejections.Count)
        {
            to.Error.WriteLine($"and {Count(Rejected - _rejections.Count)} more were rejected.");
        }
    }

    private long Percentile(double part) => _nanoseconds[(int)Math.Min(_nanoseconds.Count - 1, Math.Ceiling(part * _nanoseconds.Count) - 1)];

    private static string Count(long count) => count.ToString("N0", CultureInfo.InvariantCulture);

    private static string Number(double number) => number.ToString("0.0", CultureInfo.InvariantCulture);
}
