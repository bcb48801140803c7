namespace Grid.Features.State;

/// <summary>
/// Interned, reference-counted strings of a store's columns, by code. A code is reused once its string has no references.
/// </summary>
internal sealed class TextTable
{
    private readonly Dictionary<string, int> _codes = new(StringComparer.Ordinal);
    private readonly List<Entry> _entries = [];
    private readonly Stack<int> _free = new();

    public int Count => _codes.Count;

    public string this[long code] => _entries[(int)code].Text;

    /// <summary>The code of a string; adds a reference.</summary>
    public long Hold(string text)
    {
        if (_codes.TryGetValue(text, out var code))
        {
            System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_entries)[code].Holders++;
            return code;
        }

        if (_free.TryPop(out code))
        {
            _entries[code] = new(text, 1);
        }
        else
        {
            code = _entries.Count;
            _entries.Add(new(text, 1));
        }

        _codes.Add(text, code);
        return code;
    }

    /// <summary>Removes a reference.</summary>
    public void Release(long code)
    {
        ref var entry = ref System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_entries)[(int)code];
        if (--entry.Holders == 0)
        {
            _codes.Remove(entry.Text);
            entry = new("", 0);
            _free.Push((int)code);
        }
    }

    private record struct Entry(string Text, int Holders);
}
