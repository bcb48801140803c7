using System.Collections;

namespace Grid;

/// <summary>
/// An event: its type and its fields by name. The bundle declares which fields a type has, which of them are the event's id and time, and
/// which entities the event concerns; the grid validates the event against it at ingest.
/// </summary>
/// <remarks>
/// An instance may be reused for another call with the same field names once the first call has completed; the grid keeps no reference
/// to it. Not safe for concurrent use.
/// Supports collection initializers: <c>new Event("transaction") { ["card"] = "4242", ["amount"] = 12.50m }</c>.
/// </remarks>
public sealed class Event : IEnumerable<KeyValuePair<string, FieldValue>>
{
    private string[] _names;
    private FieldValue[] _values;

    /// <param name="type">The event's type, such as <c>transaction</c>.</param>
    /// <param name="capacity">The number of fields to allocate space for.</param>
    public Event(string type, int capacity = 8)
    {
        ArgumentNullException.ThrowIfNull(type);
        Type = type;
        _names = new string[capacity];
        _values = new FieldValue[capacity];
    }

    public string Type { get; }

    /// <summary>The number of fields that were set.</summary>
    public int Count { get; private set; }

    /// <summary>Gets or sets a field; a field that was never set reads as missing.</summary>
    public FieldValue this[string name]
    {
        get => IndexOf(name) is var at and >= 0 ? _values[at] : default;
        set
        {
            ArgumentNullException.ThrowIfNull(name);
            var at = IndexOf(name);
            if (at >= 0)
            {
                _values[at] = value;
            }
            else
            {
                Add(name, value);
            }
        }
    }

    /// <summary>Names of the fields, in the order they were set.</summary>
    public ReadOnlySpan<string> Names => _names.AsSpan(0, Count);

    /// <summary>Values of the fields, in the order of <see cref="Names"/>.</summary>
    public ReadOnlySpan<FieldValue> Values => _values.AsSpan(0, Count);

    /// <summary>Adds a field without checking for a duplicate. For readers of a wire format that check this themselves.</summary>
    public void Add(string name, FieldValue value)
    {
        if (Count == _names.Length)
        {
            Array.Resize(ref _names, Math.Max(8, Count * 2));
            Array.Resize(ref _values, _names.Length);
        }

        _names[Count] = name;
        _values[Count++] = value;
    }

    /// <summary>Removes every field but keeps the capacity, so that the instance can be filled again.</summary>
    public void Clear()
    {
        _values.AsSpan(0, Count).Clear();
        Count = 0;
    }

    public IEnumerator<KeyValuePair<string, FieldValue>> GetEnumerator()
    {
        for (var i = 0; i < Count; i++)
        {
            yield return new(_names[i], _values[i]);
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private int IndexOf(string name)
    {
        for (var i = 0; i < Count; i++)
        {
            if (ReferenceEquals(_names[i], name) || _names[i] == name)
            {
                return i;
            }
        }

        return -1;
    }
}
