using System.Buffers;
using System.Text.Json;

namespace Grid.Json;

/// <summary>
/// Values of batch features as NDJSON, one entity per line:
/// <c>{"entity":"u1","at":"2026-01-01T00:00:00Z","favourite_cuisine":"thai"}</c>. A feature that is absent from a line, or null, has no
/// value for that entity.
/// </summary>
internal static class BatchJson
{
    /// <summary>The member with the entity's key.</summary>
    public const string Entity = "entity";

    /// <summary>The member with the time that the values were computed for.</summary>
    public const string At = "at";

    /// <summary>Writes the rows of a batch file.</summary>
    public static ReadOnlyMemory<byte> Write(BatchFile file)
    {
        ArgumentNullException.ThrowIfNull(file);
        var bytes = new ArrayBufferWriter<byte>(1 << 16);
        using var writer = new Utf8JsonWriter(bytes, GridJson.WriterOptions);
        foreach (var row in file.Rows)
        {
            writer.WriteStartObject();
            writer.WriteString(Entity, row.Key);
            JsonParts.WriteTime(writer, JsonNames.At, row.At);
            for (var i = 0; i < row.Values.Count; i++)
            {
                Write(writer, file.Features[i], row.Values[i]);
            }

            writer.WriteEndObject();
            writer.Flush();
            writer.Reset();
            bytes.Write("\n"u8);
        }

        return bytes.WrittenMemory;
    }

    /// <summary>Reads the rows of a batch file; its features are all those that occur in some line.</summary>
    /// <exception cref="GridException">A line is invalid; the message names its number, counted from 1.</exception>
    public static BatchFile Read(string kind, ReadOnlyMemory<byte> text)
    {
        var features = new List<string>();
        var rows = new List<BatchRow>();
        var line = 1;
        for (var rest = text; !rest.IsEmpty; line++)
        {
            var end = rest.Span.IndexOf((byte)'\n');
            var one = end < 0 ? rest : rest[..end];
            rest = end < 0 ? default : rest[(end + 1)..];
            if (!one.Span.Trim(" \t\r"u8).IsEmpty)
            {
                rows.Add(ReadLine(one, features, line));
            }
        }

        return new(kind, features, rows);
    }

    /// <summary>Writes the receipt of a batch file.</summary>
    public static void Write(Utf8JsonWriter writer, BatchReceipt receipt)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(receipt);
        writer.WriteStartObject();
        writer.WriteString(JsonNames.Kind, receipt.Kind);
        JsonParts.WriteTexts(writer, JsonNames.Features, receipt.Features);
        writer.WriteNumber("rows"u8, receipt.Rows);
        writer.WriteString("seen_from"u8, receipt.SeenFrom.ToString());
        writer.WriteString("oldest"u8, receipt.Oldest.ToString());
        writer.WriteString("newest"u8, receipt.Newest.ToString());
        writer.WriteEndObject();
    }

    /// <exception cref="JsonException">The text is not a receipt.</exception>
    public static BatchReceipt ReadReceipt(ReadOnlyMemory<byte> json)
    {
        using var document = JsonDocument.Parse(json);
        return ReadReceipt(document.RootElement);
    }

    internal static BatchReceipt ReadReceipt(JsonElement element) => new(
        JsonParts.Text(element, "kind"),
        JsonParts.Texts(element, "features"),
        JsonParts.Whole(element, "rows"),
        JsonParts.Time(element, "seen_from"),
        JsonParts.Time(element, "oldest"),
        JsonParts.Time(element, "newest"));

    private static void Write(Utf8JsonWriter writer, string name, FieldValue value)
    {
        switch (value.Given)
        {
            case FieldType.String:
                writer.WriteString(name, value.Text);
                break;
            case FieldType.Boolean:
                writer.WriteBoolean(name, value.Exact != 0);
                break;
            case FieldType.None:
            case FieldType.Number when !double.IsFinite(value.Number):
                writer.WriteNull(name);
                break;
            case FieldType.Number:
                writer.WriteNumber(name, value.Number);
                break;
            default:
                writer.WriteNumber(name, value.Exact);
                break;
        }
    }

    private static BatchRow ReadLine(ReadOnlyMemory<byte> text, List<string> features, int line)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            if (document.RootElement.ValueKind != JsonValueKind.Object)
            {
                throw Fault(line, "", "JSON that is no object", "an object with 'entity', 'at' and features");
            }

            string? key = null;
            EventTime? at = null;
            var values = new FieldValue[features.Count];
            foreach (var member in document.RootElement.EnumerateObject())
            {
                switch (member.Name)
                {
                    case Entity:
                        key = member.Value.ValueKind == JsonValueKind.String ? member.Value.GetString() : throw Fault(line, Entity, member.Value.GetRawText(), "a text");
                        break;
                    case At:
                        at = Time(member.Value) ?? throw Fault(line, At, member.Value.GetRawText(), "a moment such as \"2026-01-01T00:00:00Z\"");
                        break;
                    default:
                        Set(ref values, features, member, line);
                        break;
                }
            }

            return new(
                key ?? throw Fault(line, Entity, "nothing", "the entity's key"),
                at ?? throw Fault(line, At, "nothing", "the time that the values were computed for"),
                values);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw Fault(line, "", "text that is no JSON in UTF-8", "an object with 'entity', 'at' and features");
        }
    }

    private static void Set(ref FieldValue[] values, List<string> features, JsonProperty member, int line)
    {
        var place = features.IndexOf(member.Name);
        if (place < 0)
        {
            place = features.Count;
            features.Add(member.Name);
        }

        if (values.Length < features.Count)
        {
            Array.Resize(ref values, features.Count);
        }

        values[place] = member.Value.ValueKind switch
        {
            JsonValueKind.Null => default,
            JsonValueKind.String => member.Value.GetString(),
            JsonValueKind.True => true,
            JsonValueKind.False => false,
            JsonValueKind.Number => member.Value.TryGetDouble(out var number) && double.IsFinite(number) ? number : throw Fault(line, member.Name, member.Value.GetRawText(), "a number of 64 bits"),
            _ => throw Fault(line, member.Name, "an object or a list", "a text, a number, true, false or null"),
        };
    }

    private static EventTime? Time(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String when EventTime.TryParse(value.GetString(), out var time) => time,
        JsonValueKind.Number when value.TryGetInt64(out var milliseconds) && milliseconds is >= 0 and <= EventTime.MaxUnixMilliseconds => EventTime.FromUnixMilliseconds(milliseconds),
        _ => null,
    };

    private static GridException Fault(int line, string field, string found, string expected) =>
        GridException.Invalid(new(field.Length == 0 ? $"line {line}" : $"line {line}, {field}", found.Length <= 64 ? found : found[..61] + "...", expected));
}
