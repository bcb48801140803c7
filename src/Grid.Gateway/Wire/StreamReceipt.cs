using System.Text.Json;
using Grid.Json;

namespace Grid.Gateway.Wire;

/// <summary>The result of one NDJSON stream.</summary>
/// <param name="maxTold">The maximum number of rejections to keep; further ones are only counted.</param>
internal sealed class StreamReceipt(int maxTold)
{
    private readonly List<RejectedLine> _told = [];

    /// <summary>Lines read, including blank lines.</summary>
    public long Lines { get; set; }

    public long Accepted { get; private set; }

    public long Duplicates { get; private set; }

    public long Rejected { get; private set; }

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
                Rejected++;
                if (_told.Count < maxTold)
                {
                    _told.Add(new(line, receipt.Error, receipt.ValidationError!));
                }

                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(receipt), receipt.Outcome, "A receipt has one of the declared outcomes.");
        }
    }

    public void Write(Utf8JsonWriter json) => ReceiptJson.Write(json, new EventBatchReceipt(Accepted, Duplicates, Rejected, _told));
}
