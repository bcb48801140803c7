using System.Buffers;
using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;

namespace Grid.Gateway.Wire;

/// <summary>
/// Reads events of one type from JSON, straight into events that are used again and again. It checks the JSON, that values are single ones and that no
/// field is there twice; what the fields must hold, the grid checks.
/// </summary>
internal sealed class EventReader
{
    private const int MaxNameBytes = 256;
    private const int MaxUnknownFields = 16;
    private const int MaxNumberBytes = 29;
    private const int MostKept = 4_096;

    private readonly ConcurrentQueue<Event> _kept = new();
    private readonly EventSchema _schema;
    private readonly KnownField[] _fields;
    private readonly InputFault _notAnObject;

    public EventReader(EventSchema schema)
    {
        _schema = schema;
        _fields = [.. schema.Fields.Select(field => new KnownField(field))];
        _notAnObject = new("", "nothing", $"a JSON object with the fields of '{schema.Type}': {string.Join(", ", schema.Fields.Select(field => field.Name))}");
    }

    /// <summary>Reads one event. Give it back with <see cref="Return"/> when the grid's call has completed.</summary>
    /// <returns>What is wrong with the JSON; null where nothing is, and <paramref name="read"/> is then the event.</returns>
    public InputFault? Read(in ReadOnlySequence<byte> json, out Event? read)
    {
        read = null;
        if (json.IsEmpty)
        {
            return _notAnObject;
        }

        var into = Rent();
        InputFault? fault;
        try
        {
            var reader = new Utf8JsonReader(json, isFinalBlock: true, default);
            fault = Read(ref reader, into);
        }
        catch (JsonException raised)
        {
            fault = _notAnObject with { Found = $"text that stops being JSON at line {raised.LineNumber + 1}, byte {raised.BytePositionInLine + 1}" };
        }
        catch (InvalidOperationException)
        {
            // What the JSON reader raises where text is not UTF-8, or is half of a surrogate pair.
            fault = _notAnObject with { Found = "text that is not valid UTF-8", Expected = "JSON in UTF-8" };
        }

        if (fault is not null)
        {
            Return(into);
            return fault;
        }

        read = into;
        return null;
    }

    public void Return(Event used)
    {
        // One with a field that the type does not have is not used again: its fields would stay.
        if (used.Count == _fields.Length && _kept.Count < MostKept)
        {
            _kept.Enqueue(used);
        }
    }

    private Event Rent()
    {
        if (!_kept.TryDequeue(out var rented))
        {
            rented = new(_schema.Type, _fields.Length);
            foreach (var field in _fields)
            {
                rented.Add(field.Name, default);
            }
        }

        return rented;
    }

    private InputFault? Read(ref Utf8JsonReader reader, Event into)
    {
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            return _notAnObject with { Found = NameOf(reader.TokenType) };
        }

        Span<bool> seen = stackalloc bool[Math.Min(_fields.Length, 256)];
        seen = _fields.Length > 256 ? new bool[_fields.Length] : seen;
        seen.Clear();
        var next = 0;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var known = Find(ref reader, next);
            next = known + 1;
            var fault = known >= 0 ? ReadKnown(ref reader, into, known, seen) : ReadUnknown(ref reader, into);
            if (fault is not null)
            {
                return fault;
            }
        }

        // What the last reader of this event left in a field that is not there now.
        for (var i = 0; i < seen.Length; i++)
        {
            if (!seen[i])
            {
                into[_fields[i].Name] = default;
            }
        }

        reader.Read(); // raises where anything follows the object
        return null;
    }

    /// <summary>Callers mostly send fields in the order of the schema, so the one after the last is looked at first.</summary>
    private int Find(ref Utf8JsonReader reader, int next)
    {
        for (var i = 0; i < _fields.Length; i++)
        {
            var at = next + i;
            at = at >= _fields.Length ? at - _fields.Length : at;
            if (reader.ValueTextEquals(_fields[at].Utf8))
            {
                return at;
            }
        }

        return -1;
    }

    private InputFault? ReadKnown(ref Utf8JsonReader reader, Event into, int known, scoped Span<bool> seen)
    {
        ref readonly var field = ref _fields[known];
        if (seen[known])
        {
            return Twice(field.Name);
        }

        seen[known] = true;
        reader.Read();
        var fault = ReadValue(ref reader, field.Name, field.IsTime, out var value);
        into[field.Name] = value;
        return fault;
    }

    /// <summary>A field that the type does not have is handed on: the grid's answer says which ones it has.</summary>
    private InputFault? ReadUnknown(ref Utf8JsonReader reader, Event into)
    {
        var length = reader.HasValueSequence ? reader.ValueSequence.Length : reader.ValueSpan.Length;
        if (length > MaxNameBytes)
        {
            return new("", $"a field with a name of {length} bytes", $"names of at most {MaxNameBytes} bytes");
        }

        var name = reader.GetString()!;
        if (into.Names.Contains(name))
        {
            return Twice(name);
        }

        if (into.Count >= _fields.Length + MaxUnknownFields)
        {
            return _notAnObject with { Found = $"more than {MaxUnknownFields} fields that it does not have" };
        }

        reader.Read();
        var fault = ReadValue(ref reader, name, isTime: false, out var value);
        into.Add(name, value);
        return fault;
    }

    private static InputFault? ReadValue(ref Utf8JsonReader reader, string name, bool isTime, out FieldValue value)
    {
        value = default;
        switch (reader.TokenType)
        {
            case JsonTokenType.String:
                value = isTime && TryReadTime(ref reader, out var time) ? time : reader.GetString();
                return null;
            case JsonTokenType.Number:
                return ReadNumber(ref reader, name, out value);
            case JsonTokenType.True or JsonTokenType.False:
                value = reader.TokenType == JsonTokenType.True;
                return null;
            case JsonTokenType.Null:
                return null;
            default:
                return new(name, NameOf(reader.TokenType), "a single value: text, a number, true, false or null");
        }
    }

    private static InputFault? ReadNumber(ref Utf8JsonReader reader, string name, out FieldValue value)
    {
        value = default;
        var length = reader.HasValueSequence ? reader.ValueSequence.Length : reader.ValueSpan.Length;
        if (length > MaxNumberBytes)
        {
            // A decimal of .NET holds 28 digits; more would be rounded without a word.
            return new(name, $"a number of {length} characters", $"a number of at most {MaxNumberBytes} characters");
        }

        value = reader.TryGetDecimal(out var exact) ? exact : reader.GetDouble();
        return null;
    }

    /// <summary>The common form of a time, read without making a string of it. Every other form is left to the grid.</summary>
    private static bool TryReadTime(ref Utf8JsonReader reader, out EventTime time)
    {
        if (!reader.HasValueSequence && !reader.ValueIsEscaped && reader.ValueSpan is [.., (byte)'Z']
            && reader.TryGetDateTimeOffset(out var moment) && moment >= DateTimeOffset.UnixEpoch)
        {
            time = EventTime.From(moment);
            return true;
        }

        time = default;
        return false;
    }

    private static InputFault Twice(string name) => new(name, "the field twice", "each field once");

    private static string NameOf(JsonTokenType token) => token switch
    {
        JsonTokenType.StartObject => "an object",
        JsonTokenType.StartArray => "an array",
        JsonTokenType.String => "text",
        JsonTokenType.Number => "a number",
        JsonTokenType.True or JsonTokenType.False => "a boolean",
        JsonTokenType.Null => "null",
        _ => "nothing",
    };

    private readonly struct KnownField(FieldSchema schema)
    {
        public readonly string Name = schema.Name;
        public readonly byte[] Utf8 = Encoding.UTF8.GetBytes(schema.Name);
        public readonly bool IsTime = schema.Type == FieldType.Timestamp;
    }
}
