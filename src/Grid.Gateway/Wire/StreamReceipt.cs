using System.Text.Json;
using Grid.Json;

namespace Grid.Gateway.Wire;

/// <summary>What became of the lines of one NDJSON stream.</summary>
/// <param name="maxTold">How many rejections are kept to be told; the others are counted.</param>
internal sealed class StreamReceipt(int maxTold)
{
    private readonly List<RejectedLine> _told = [];

    /// <summary>Lines read, empty ones included.</summary>
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
                    _told.Add(new(line, GridError.InvalidInput, receipt.Fault!));
                }

                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(receipt), receipt.Outcome, "A receipt has one of the declared outcomes.");
        }
    }

    /// <summary>Writes what <see cref="EventBatchReceipt"/> reads, and how many lines were rejected in all.</summary>
    public void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteNumber("accepted"u8, Accepted);
        json.WriteNumber("duplicates"u8, Duplicates);
        json.WriteNumber("rejected_count"u8, Rejected);
        json.WriteStartArray("rejected"u8);
        foreach (var (line, error, fault) in _told)
        {
            json.WriteStartObject();
            json.WriteNumber("line"u8, line);
            json.WriteString("code"u8, GridProblem.CodeOf(error));
            json.WriteString("field"u8, fault.Field);
            json.WriteString("found"u8, fault.Found);
            json.WriteString("expected"u8, fault.Expected);
            json.WriteString("detail"u8, fault.ToString());
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }
}
