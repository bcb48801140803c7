using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Json;

namespace Grid.Json;

/// <summary>
/// Reads events of one type from JSON objects with one member per field. Numbers that a decimal holds stay exact; null is a missing value.
/// Rejects only what an <see cref="Event"/> cannot represent: nested values, duplicate fields and invalid Unicode. The values are
/// validated at ingest. Safe for concurrent use.
/// </summary>
internal sealed class EventJsonReader
{
    private const int MaxNameBytes = 256;

    // Bounds the search for duplicates among unknown fields, whose cost grows with the square of their number.
    private const int MaxUnknownFields = 16;

    private readonly EventSchema _schema;
    private readonly byte[][] _names;
    private readonly string? _beside;

    /// <param name="schema">The event type.</param>
    /// <param name="beside">The name of a member to skip because another reader reads it; null if there is none.</param>
    public EventJsonReader(EventSchema schema, string? beside = null)
    {
        ArgumentNullException.ThrowIfNull(schema);
        _beside = beside;
        _schema = schema;
        _names = [.. schema.Fields.Select(field => Encoding.UTF8.GetBytes(field.Name))];
    }

    /// <summary>Reads one event.</summary>
    /// <param name="json">One JSON object in UTF-8; only white space may follow it.</param>
    /// <param name="into">An event of the type; it is cleared, then filled. Field names are the string instances of the schema.</param>
    /// <param name="fault">The validation error; null on success.</param>
    public bool TryRead(ReadOnlySpan<byte> json, Event into, [NotNullWhen(false)] out ValidationError? fault) =>
        TryRead(new Utf8JsonReader(json), into, out fault);

    /// <inheritdoc cref="TryRead(ReadOnlySpan{byte}, Event, out ValidationError?)"/>
    public bool TryRead(in ReadOnlySequence<byte> json, Event into, [NotNullWhen(false)] out ValidationError? fault) =>
        TryRead(json.IsSingleSegment ? new Utf8JsonReader(json.FirstSpan) : new Utf8JsonReader(json), into, out fault);

    private bool TryRead(Utf8JsonReader reader, Event into, out ValidationError? fault)
    {
        ArgumentNullException.ThrowIfNull(into);
        into.Clear();
        var field = "";
        try
        {
            fault = ReadObject(ref reader, into, ref field);
        }
        catch (JsonException e)
        {
            fault = new("", $"text that is no JSON, at line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1}", Expected);
        }
        catch (InvalidOperationException)
        {
            // Utf8JsonReader throws this for a string that is not valid UTF-8 or escapes half of a surrogate pair.
            fault = new(field, "bytes that are no valid UTF-8, or half of a surrogate pair", "Unicode text in UTF-8");
        }

        return fault is null;
    }

    private string Expected => $"a JSON object with the fields of event '{_schema.Type}'";

    private ValidationError? ReadObject(ref Utf8JsonReader reader, Event into, ref string field)
    {
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
        {
            return new("", $"JSON that begins with {Named(reader.TokenType)}", Expected);
        }

        Span<ulong> seen = stackalloc ulong[(_names.Length + 63) / 64];
        seen.Clear();
        for (var next = 0; reader.Read() && reader.TokenType != JsonTokenType.EndObject; next++)
        {
            if (_beside is not null && reader.ValueTextEquals(_beside))
            {
                reader.Read();
                reader.Skip();
                continue;
            }

            var at = IndexOf(ref reader, next);
            if (at < 0 && RefuseUnknown(ref reader, into) is { } refused)
            {
                return refused;
            }

            field = at >= 0 ? _schema.Fields[at].Name : reader.GetString()!;
            if (at >= 0 ? !Mark(seen, at) : into.Names.Contains(field))
            {
                return new(field, "the field twice", "one value for it");
            }

            reader.Read();
            if (reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray)
            {
                return new(field, $"{Named(reader.TokenType)} inside the event", "a number, a string, true, false or null");
            }

            into.Add(field, Value(ref reader, at));
            next = at >= 0 ? at : next;
        }

        field = "";
        reader.Read(); // throws where anything follows the object
        return null;
    }

    /// <summary>
    /// Rejects too many unknown fields and names that are too long. Others are kept, so that validation reports them by name.
    /// </summary>
    private ValidationError? RefuseUnknown(ref Utf8JsonReader reader, Event into)
    {
        if (LengthOf(ref reader) > MaxNameBytes)
        {
            return new("", $"a field whose name has {LengthOf(ref reader)} bytes", Expected);
        }

        return into.Count >= _names.Length + MaxUnknownFields ? new("", $"more than {_names.Length + MaxUnknownFields} fields", Expected) : null;
    }

    private static long LengthOf(ref Utf8JsonReader reader) => reader.HasValueSequence ? reader.ValueSequence.Length : reader.ValueSpan.Length;

    private FieldValue Value(ref Utf8JsonReader reader, int at) => reader.TokenType switch
    {
        JsonTokenType.String => FieldValue.Of(reader.GetString()),
        JsonTokenType.True => FieldValue.Of(true),
        JsonTokenType.False => FieldValue.Of(false),
        JsonTokenType.Null => default,
        _ => Number(ref reader, at >= 0 ? _schema.Fields[at].Type : FieldType.None),
    };

    // A number that no decimal holds is passed as text to a field that needs an exact number: validation then rejects it and reports the
    // text. A double might be rounded to a number that the field accepts.
    private static FieldValue Number(ref Utf8JsonReader reader, FieldType type)
    {
        var text = reader.HasValueSequence ? reader.ValueSequence.ToArray() : reader.ValueSpan;
        if (type != FieldType.Number && ExactNumber.Read(text, out var exact) == NumberText.Exact)
        {
            return FieldValue.Of(exact);
        }

        return type is FieldType.Integer or FieldType.Decimal or FieldType.Timestamp
            ? FieldValue.Of(Encoding.ASCII.GetString(text))
            : FieldValue.Of(reader.TryGetDouble(out var number) ? number : double.PositiveInfinity);
    }

    private int IndexOf(ref Utf8JsonReader reader, int next)
    {
        if (next < _names.Length && reader.ValueTextEquals(_names[next]))
        {
            return next;
        }

        for (var i = 0; i < _names.Length; i++)
        {
            if (reader.ValueTextEquals(_names[i]))
            {
                return i;
            }
        }

        return -1;
    }

    private static bool Mark(Span<ulong> seen, int at)
    {
        var bit = 1UL << at;
        var first = (seen[at >> 6] & bit) == 0;
        seen[at >> 6] |= bit;
        return first;
    }

    private static string Named(JsonTokenType token) => token switch
    {
        JsonTokenType.StartObject => "an object",
        JsonTokenType.StartArray => "an array",
        JsonTokenType.String => "a string",
        JsonTokenType.Number => "a number",
        JsonTokenType.True or JsonTokenType.False => "true or false",
        JsonTokenType.Null => "null",
        _ => "nothing",
    };
}
