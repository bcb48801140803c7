using System.Collections;

namespace Grid;

/// <summary>
/// Something that happened, as a caller tells it: its type and its fields by name. The bundle says which fields a type has, which is the
/// event's id, which its time, and which entities hear of it; the grid checks all of that when the event comes in.
/// </summary>
/// <remarks>
/// An instance may be used again for another call with the same field names once the first call has completed; the grid keeps no reference to it. Not safe for concurrent use.
/// A collection initializer reads well: <c>new Event("transaction") { ["card"] = "4242", ["amount"] = 12.50m }</c>.
/// </remarks>
public sealed class Event : IEnumerable<KeyValuePair<string, FieldValue>>
{
    private string[] _names;
    private FieldValue[] _values;

    /// <param name="type">The event's type, such as <c>transaction</c>.</param>
    /// <param name="capacity">How many fields to make room for.</param>
    public Event(string type, int capacity = 8)
    {
        ArgumentNullException.ThrowIfNull(type);
        Type = type;
        _names = new string[capacity];
        _values = new FieldValue[capacity];
    }

    public string Type { get; }

    /// <summary>How many fields were set.</summary>
    public int Count { get; private set; }

    /// <summary>Sets a field, or reads it; a field that was never set reads as missing.</summary>
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

    /// <summary>Adds a field without looking whether it is there already: for readers of a wire format that check that themselves.</summary>
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

    /// <summary>Forgets every field and keeps the room for them, so that the instance may be filled again.</summary>
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
