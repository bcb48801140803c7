using System.Buffers;
using System.Collections.Concurrent;
using Grid.Json;

namespace Grid.Gateway.Wire;

/// <summary>Reads events of one type from JSON into pooled instances.</summary>
internal sealed class EventReader(EventSchema schema)
{
    private const int MostKept = 4_096;
    private const int MostFields = 64;

    private readonly ConcurrentQueue<Event> _kept = new();
    private readonly EventJsonReader _reader = new(schema);
    private readonly ValidationError _nothing = new("", "nothing", $"a JSON object with the fields of event '{schema.Type}': {string.Join(", ", schema.Fields.Select(field => field.Name))}");

    /// <summary>Reads one event. Return it with <see cref="Return"/> when the grid's call has completed.</summary>
    /// <returns>The validation error of the JSON; null if it is valid, and <paramref name="read"/> is then the event.</returns>
    public ValidationError? Read(in ReadOnlySequence<byte> json, out Event? read)
    {
        read = null;
        if (json.IsEmpty)
        {
            return _nothing;
        }

        var into = _kept.TryDequeue(out var rented) ? rented : new(schema.Type, schema.Fields.Count);
        if (_reader.TryRead(json, into, out var fault))
        {
            read = into;
            return null;
        }

        Return(into);
        return fault;
    }

    public void Return(Event used)
    {
        // An event that a caller filled with many unknown fields is too large to pool.
        if (used.Count <= MostFields && _kept.Count < MostKept)
        {
            _kept.Enqueue(used);
        }
    }
}
