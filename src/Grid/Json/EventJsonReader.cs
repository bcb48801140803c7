using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Json;

namespace Grid.Json;

/// <summary>
/// Reads events of one type from JSON: one object, its members the event's fields. Numbers stay exact where a decimal holds them; null is a
/// missing value. What the values mean is checked later, where the event comes in; here only what an <see cref="Event"/> cannot express is
/// refused: nested values, a field twice, text that is no Unicode. Safe for concurrent use.
/// </summary>
internal sealed class EventJsonReader
{
    private const int MaxNameBytes = 256;

    // Looking for a field twice among unknown ones takes time that grows with their square.
    private const int MaxUnknownFields = 16;

    private readonly EventSchema _schema;
    private readonly byte[][] _names;
    private readonly string? _beside;

    /// <param name="schema">The event type.</param>
    /// <param name="beside">A member that is passed over, for somebody else to read; null of none.</param>
    public EventJsonReader(EventSchema schema, string? beside = null)
    {
        ArgumentNullException.ThrowIfNull(schema);
        _beside = beside;
        _schema = schema;
        _names = [.. schema.Fields.Select(field => Encoding.UTF8.GetBytes(field.Name))];
    }

    /// <summary>Reads one event.</summary>
    /// <param name="json">One JSON object in UTF-8, with nothing after it but white space.</param>
    /// <param name="into">An event of the type; cleared, then filled. Names of fields are the very strings of the schema.</param>
    /// <param name="fault">What is wrong with the JSON.</param>
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
            // How the reader says that a string is no valid UTF-8, or escapes half of a surrogate pair.
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

    /// <summary>Fields that the type does not have are handed on, to be told by name, but not any number of them and not of any length.</summary>
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

    // Where the field wants an exact number, one that no decimal holds is handed on as its text: the field refuses it and says what was
    // found. A double in its place might be rounded to a number that the field takes.
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
