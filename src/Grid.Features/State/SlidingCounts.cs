namespace Grid.Features;

/// <summary>
/// How often each value occurs in a window that slides: every value once in a heap, the most frequent (of equals the least) on top. It covers the events after
/// <see cref="Low"/> up to <see cref="High"/>.
/// </summary>
internal sealed class SlidingCounts(ColumnLayout column, TextTable texts)
{
    private readonly Dictionary<long, int> _places = [];
    private long[] _keys = new long[16];
    private int[] _counts = new int[16];

    public ColumnLayout Column => column;

    public long Low { get; set; }

    public long High { get; set; }

    /// <summary>How many readings in a row could not use it.</summary>
    public int Misses { get; set; }

    public int Different => _places.Count;

    /// <summary>The most frequent value; there must be one.</summary>
    public long Top => _keys[0];

    public void Clear() => _places.Clear();

    public void Add(long key)
    {
        if (!_places.TryGetValue(key, out var place))
        {
            place = _places.Count;
            if (place == _keys.Length)
            {
                Array.Resize(ref _keys, place * 2);
                Array.Resize(ref _counts, place * 2);
            }

            _places.Add(key, place);
            (_keys[place], _counts[place]) = (key, 0);
        }

        _counts[place]++;
        Rise(place);
    }

    public void Remove(long key)
    {
        var place = _places[key];
        _counts[place]--;
        if (_counts[place] > 0)
        {
            Sink(place);
            return;
        }

        _places.Remove(key);
        var last = _places.Count;
        if (place != last)
        {
            Put(place, _keys[last], _counts[last]);
            Sink(place);
            Rise(place);
        }
    }

    private void Rise(int place)
    {
        while (place > 0 && IsBefore(place, (place - 1) / 2))
        {
            Swap(place, (place - 1) / 2);
            place = (place - 1) / 2;
        }
    }

    private void Sink(int place)
    {
        while (true)
        {
            var child = (place * 2) + 1;
            if (child >= _places.Count)
            {
                return;
            }

            child += child + 1 < _places.Count && IsBefore(child + 1, child) ? 1 : 0;
            if (!IsBefore(child, place))
            {
                return;
            }

            Swap(place, child);
            place = child;
        }
    }

    private bool IsBefore(int left, int right) =>
        _counts[left] > _counts[right] || (_counts[left] == _counts[right] && ColumnValue.IsLess(column, _keys[left], _keys[right], texts));

    private void Swap(int left, int right)
    {
        var (key, count) = (_keys[left], _counts[left]);
        Put(left, _keys[right], _counts[right]);
        Put(right, key, count);
    }

    private void Put(int place, long key, int count)
    {
        (_keys[place], _counts[place]) = (key, count);
        _places[key] = place;
    }
}
