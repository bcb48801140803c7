using Grid.Features.Plans;

namespace Grid.Features.State;

/// <summary>
/// Counts of each value in a sliding window: a heap with one entry per value, the most frequent on top (of equally frequent ones the least
/// value).
/// </summary>
internal sealed class SlidingCounts(ColumnLayout column, TextTable texts) : SlidingValues(column)
{
    private readonly Dictionary<long, int> _places = [];
    private long[] _keys = new long[16];
    private int[] _counts = new int[16];

    public override bool IsEmpty => _places.Count == 0;

    public override Value Read(FeaturePlan feature, TextTable texts) =>
        feature.Aggregation == Aggregation.Distinct ? Value.Of(_places.Count) : ColumnValue.Of(Column, _keys[0], texts);

    public override void Add(long key)
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

    public override void Remove(long key)
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
        _counts[left] > _counts[right] || (_counts[left] == _counts[right] && ColumnValue.IsLess(Column, _keys[left], _keys[right], texts));

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
