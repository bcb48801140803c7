using System.Text.Json;

namespace Grid.Json;

/// <summary>The result of ingesting several events in one request.</summary>
/// <param name="Accepted">Number of events ingested.</param>
/// <param name="Duplicates">Number of events that were ingested before.</param>
/// <param name="RejectedCount">Number of events rejected.</param>
/// <param name="Rejected">The first of the rejected events, with their errors.</param>
public sealed record EventBatchReceipt(long Accepted, long Duplicates, long RejectedCount, IReadOnlyList<RejectedLine> Rejected);

/// <summary>A rejected event of several.</summary>
/// <param name="Line">The line of the event, counted from 1.</param>
/// <param name="Error">The error.</param>
/// <param name="ValidationError">The field, what was found and what is expected.</param>
public sealed record RejectedLine(long Line, GridError Error, ValidationError ValidationError);

/// <summary>Receipts as JSON: the responses of <c>POST /v1/events/{type}</c>.</summary>
internal static class ReceiptJson
{
    /// <summary>Writes the receipt of an accepted or duplicate event; a rejected event gets a problem as its response.</summary>
    public static void Write(Utf8JsonWriter writer, EventReceipt receipt)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(receipt);

        writer.WriteStartObject();
        writer.WriteString(JsonNames.Outcome, receipt.Outcome switch
        {
            EventOutcome.Accepted => "accepted",
            EventOutcome.Duplicate => "duplicate",
            _ => throw new ArgumentOutOfRangeException(nameof(receipt), receipt.Outcome, "A rejected event is answered with a problem."),
        });
        writer.WriteEndObject();
    }

    public static void Write(Utf8JsonWriter writer, EventBatchReceipt receipt)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(receipt);

        writer.WriteStartObject();
        writer.WriteNumber(JsonNames.Accepted, receipt.Accepted);
        writer.WriteNumber(JsonNames.Duplicates, receipt.Duplicates);
        writer.WriteNumber(JsonNames.RejectedCount, receipt.RejectedCount);
        writer.WriteStartArray(JsonNames.Rejected);
        foreach (var (line, error, fault) in receipt.Rejected)
        {
            writer.WriteStartObject();
            writer.WriteNumber(JsonNames.Line, line);
            writer.WriteString(JsonNames.Code, GridProblem.CodeOf(error));
            JsonParts.WriteFault(writer, fault);
            writer.WriteString(JsonNames.Detail, fault.ToString());
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    /// <exception cref="JsonException">The text is not the receipt of one event.</exception>
    public static EventReceipt Read(ReadOnlyMemory<byte> json)
    {
        using var document = JsonDocument.Parse(json);
        return JsonParts.Text(document.RootElement, "outcome") switch
        {
            "accepted" => EventReceipt.Accepted,
            "duplicate" => EventReceipt.Duplicate,
            var other => throw new JsonException($"There is no outcome '{other}'."),
        };
    }

    /// <exception cref="JsonException">The text is not the receipt of several events.</exception>
    public static EventBatchReceipt ReadBatch(ReadOnlyMemory<byte> json)
    {
        using var document = JsonDocument.Parse(json);
        var root = document.RootElement;
        return new(
            JsonParts.Whole(root, "accepted"),
            JsonParts.Whole(root, "duplicates"),
            JsonParts.Whole(root, "rejected_count"),
            [.. JsonParts.Member(root, "rejected", JsonValueKind.Array).EnumerateArray().Select(Line)]);

        static RejectedLine Line(JsonElement line) => new(
            JsonParts.Whole(line, "line"),
            GridProblem.ErrorOf(JsonParts.TextOrNull(line, "code")),
            new(JsonParts.TextOrNull(line, "field") ?? "", JsonParts.TextOrNull(line, "found") ?? "", JsonParts.TextOrNull(line, "expected") ?? ""));
    }
}
