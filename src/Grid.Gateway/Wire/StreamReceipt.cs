namespace Grid.Gateway.Wire;

/// <summary>What became of the lines of one NDJSON stream.</summary>
internal sealed class StreamReceipt(int maxTold)
{
    private readonly List<LineRejection> _told = [];

    /// <summary>Lines read, empty ones included.</summary>
    public long Lines { get; set; }

    public long Accepted { get; private set; }

    public long Duplicates { get; private set; }

    public long Rejected { get; private set; }

    /// <summary>The first rejections, in the order of their lines.</summary>
    public IReadOnlyList<LineRejection> Told => _told;

    public void Add(long line, EventReceipt receipt)
    {
        switch (receipt.Outcome)
        {
            case EventOutcome.Accepted:
                Accepted++;
                break;
            case EventOutcome.Duplicate:
                Duplicates++;
                break;
            case EventOutcome.Rejected:
                Reject(line, Problem.Of(receipt.Fault!));
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(receipt), receipt.Outcome, "A receipt has one of the declared outcomes.");
        }
    }

    public void Reject(long line, Problem problem)
    {
        Rejected++;
        if (_told.Count < maxTold)
        {
            _told.Add(new(line, problem));
        }
    }
}

/// <param name="Line">Counted from 1.</param>
/// <param name="Problem">Why the line was rejected.</param>
internal readonly record struct LineRejection(long Line, Problem Problem);
