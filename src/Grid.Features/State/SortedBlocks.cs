namespace Grid.Features.State;

/// <summary>
/// A sorted multiset, in blocks of up to <see cref="Most"/> values. Adding, removing, ranking a value and finding the value of a rank each
/// cost a search over the blocks and a shift within one.
/// </summary>
/// <remarks>A Fenwick tree sums the number of values before each block; it is rebuilt when blocks are added or removed.</remarks>
internal sealed class SortedBlocks<T>
    where T : struct, IComparable<T>
{
    private const int Most = 256;
    private T[][] _blocks = new T[4][];
    private int[] _counts = new int[4];
    private int[] _sums = new int[5];
    private int _used;

    public int Count { get; private set; }

    /// <summary>The value of a rank from 0 to <see cref="Count"/> - 1.</summary>
    public T this[int rank]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfNegative(rank);
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(rank, Count);
            var block = 0;
            for (var step = HighestStep(); step > 0; step >>= 1)
            {
                if (block + step <= _used && _sums[block + step] <= rank)
                {
                    block += step;
                    rank -= _sums[block];
                }
            }

            return _blocks[block][rank];
        }
    }

    public void Add(T value)
    {
        Count++;
        if (_used == 0)
        {
            Insert(0, [], value);
            return;
        }

        var block = Math.Max(0, BlocksBefore(value, orAt: true) - 1);
        var at = Search(block, value, orAt: true);
        if (_counts[block] == Most)
        {
            if (block == _used - 1 && at == Most)
            {
                Insert(_used, [], value);
                return;
            }

            Split(block);
            (block, at) = at > Most / 2 ? (block + 1, at - (Most / 2)) : (block, at);
        }

        if (_counts[block] == _blocks[block].Length)
        {
            Array.Resize(ref _blocks[block], Math.Min(Most, _counts[block] * 2));
        }

        var values = _blocks[block];
        Array.Copy(values, at, values, at + 1, _counts[block] - at);
        values[at] = value;
        CountIn(block, 1);
    }

    /// <summary>Removes one value equal to the given one; false if there is none.</summary>
    public bool Remove(T value)
    {
        var block = BlocksBefore(value, orAt: true) - 1;
        var at = block < 0 ? -1 : Search(block, value, orAt: true) - 1;
        if (at < 0 || _blocks[block][at].CompareTo(value) != 0)
        {
            return false;
        }

        Count--;
        var values = _blocks[block];
        Array.Copy(values, at + 1, values, at, _counts[block] - at - 1);
        if (_counts[block] > 1)
        {
            CountIn(block, -1);
        }
        else
        {
            Array.Copy(_blocks, block + 1, _blocks, block, _used - block - 1);
            Array.Copy(_counts, block + 1, _counts, block, _used - block - 1);
            _used--;
            SumUp();
        }

        return true;
    }

    /// <summary>The number of values less than or equal to the given one.</summary>
    public int UpTo(T value) => Rank(value, orAt: true);

    /// <summary>The number of values less than the given one.</summary>
    public int Before(T value) => Rank(value, orAt: false);

    private int Rank(T value, bool orAt)
    {
        var block = BlocksBefore(value, orAt) - 1;
        if (block < 0)
        {
            return 0;
        }

        var rank = Search(block, value, orAt);
        for (var i = block; i > 0; i -= i & -i)
        {
            rank += _sums[i];
        }

        return rank;
    }

    // The number of blocks whose first value is less than (or, with orAt, equal to) the given one.
    private int BlocksBefore(T value, bool orAt)
    {
        var (low, high) = (0, _used);
        while (low < high)
        {
            var middle = (low + high) >> 1;
            var order = _blocks[middle][0].CompareTo(value);
            (low, high) = order < 0 || (orAt && order == 0) ? (middle + 1, high) : (low, middle);
        }

        return low;
    }

    private int Search(int block, T value, bool orAt)
    {
        var values = _blocks[block];
        var (low, high) = (0, _counts[block]);
        while (low < high)
        {
            var middle = (low + high) >> 1;
            var order = values[middle].CompareTo(value);
            (low, high) = order < 0 || (orAt && order == 0) ? (middle + 1, high) : (low, middle);
        }

        return low;
    }

    private void Split(int block)
    {
        var values = _blocks[block];
        Insert(block + 1, values.AsSpan(Most / 2), null);
        _counts[block] = Most / 2;
        SumUp();
    }

    private void Insert(int block, ReadOnlySpan<T> values, T? one)
    {
        if (_used == _blocks.Length)
        {
            Array.Resize(ref _blocks, _used * 2);
            Array.Resize(ref _counts, _used * 2);
            _sums = new int[(_used * 2) + 1];
        }

        Array.Copy(_blocks, block, _blocks, block + 1, _used - block);
        Array.Copy(_counts, block, _counts, block + 1, _used - block);
        _blocks[block] = new T[values.IsEmpty && block == 0 ? 4 : Most];
        values.CopyTo(_blocks[block]);
        _counts[block] = values.Length;
        if (one is { } value)
        {
            _blocks[block][_counts[block]++] = value;
        }

        _used++;
        SumUp();
    }

    private int HighestStep() => _used == 0 ? 0 : 1 << System.Numerics.BitOperations.Log2((uint)_used);

    private void CountIn(int block, int change)
    {
        _counts[block] += change;
        for (var i = block + 1; i <= _used; i += i & -i)
        {
            _sums[i] += change;
        }
    }

    private void SumUp()
    {
        Array.Clear(_sums);
        for (var i = 1; i <= _used; i++)
        {
            _sums[i] += _counts[i - 1];
            var above = i + (i & -i);
            if (above <= _used)
            {
                _sums[above] += _sums[i];
            }
        }
    }
}
