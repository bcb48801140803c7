namespace Grid.Features.State;

/// <summary>The unpacked events of a leaf, for changes that do not fit the leaf's current packing.</summary>
internal sealed unsafe class LeafBuffer(TimelineLayout layout)
{
    private readonly long[] _times = new long[Leaf.Most];
    private readonly uint[] _fingerprints = new uint[Leaf.Most];
    private readonly long[][] _keys = [.. layout.Columns.Select(_ => new long[Leaf.Most])];
    private readonly bool[][] _missing = [.. layout.Columns.Select(_ => new bool[Leaf.Most])];
    private readonly int[] _widths = new int[layout.Columns.Length];
    private readonly long[] _bases = new long[layout.Columns.Length];
    private readonly bool[] _anyMissing = new bool[layout.Columns.Length];
    private bool _seconds;
    private int _timeWidth;
    private int _capacity;

    public int Count { get; private set; }

    public void Clear() => Count = 0;

    public void Load(Leaf leaf) => Load(leaf, 0, leaf.Count);

    /// <summary>Replaces the contents with a range of a leaf.</summary>
    public void Load(Leaf leaf, int from, int to)
    {
        Count = 0;
        Append(leaf, from, to);
    }

    /// <summary>Appends a range of a leaf.</summary>
    public void Append(Leaf leaf, int from, int to)
    {
        var (events, first) = (to - from, Count);
        for (var i = 0; i < events; i++)
        {
            _times[first + i] = leaf.Time(from + i);
        }

        new ReadOnlySpan<uint>(leaf.Fingerprints + (from * Leaf.FingerprintBytes), events).CopyTo(_fingerprints.AsSpan(first));
        for (var c = 0; c < _keys.Length; c++)
        {
            var column = leaf.Column(c);
            var keys = _keys[c].AsSpan(first, events);
            var missing = _missing[c].AsSpan(first, events);
            for (var i = 0; i < keys.Length; i++)
            {
                keys[i] = column.Key(from + i);
            }

            missing.Clear();
            for (var i = 0; column.MissingBits is not null && i < missing.Length; i++)
            {
                missing[i] = column.IsMissing(from + i);
            }
        }

        Count += events;
    }

    public void Insert(int index, Row row)
    {
        var moved = Count - index;
        Array.Copy(_times, index, _times, index + 1, moved);
        Array.Copy(_fingerprints, index, _fingerprints, index + 1, moved);
        (_times[index], _fingerprints[index]) = (row.Time, row.Fingerprint);
        for (var c = 0; c < _keys.Length; c++)
        {
            Array.Copy(_keys[c], index, _keys[c], index + 1, moved);
            Array.Copy(_missing[c], index, _missing[c], index + 1, moved);
            Set(index, c, row.Keys[c], row.Missing[c]);
        }

        Count++;
    }

    public void Set(int index, int column, long key, bool missing) => (_keys[column][index], _missing[column][index]) = (key, missing);

    public long Key(int index, int column) => _keys[column][index];

    public bool IsMissing(int index, int column) => _missing[column][index];

    /// <summary>Plans a packing without spare capacity and returns its size in bytes.</summary>
    public int PlanExactly()
    {
        var (once, perEvent) = PlanWidths();
        _capacity = Count;
        return once + (Count * perEvent);
    }

    /// <summary>
    /// Plans a packing with spare capacity and returns its size in bytes. <paramref name="before"/> is the number of bytes before the leaf
    /// in its piece.
    /// </summary>
    public int Plan(int before)
    {
        var (once, perEvent) = PlanWidths();

        _capacity = LeafRoom.For(Count, before, once, perEvent);
        return once + (_capacity * perEvent);
    }

    /// <summary>Packs the events as planned by <see cref="Plan"/>.</summary>
    public void Store(Leaf leaf)
    {
        leaf.BaseTime = _times[0];
        leaf.Count = (byte)Count;
        leaf.Capacity = (byte)_capacity;
        leaf.TimeWidth = (byte)_timeWidth;
        leaf.Unit = (byte)(_seconds ? 1 : 0);
        for (var c = 0; c < _keys.Length; c++)
        {
            leaf.Base(c) = _bases[c];
            leaf.SetWidth(c, _widths[c], _anyMissing[c]);
        }

        _fingerprints.AsSpan(0, Count).CopyTo(new(leaf.Fingerprints, Count));
        var unit = _seconds ? 1000UL : 1;
        for (var i = 0; i < Count; i++)
        {
            Packed.Set(leaf.Times, _timeWidth, i, (ulong)(_times[i] - _times[0]) / unit);
        }

        for (var c = 0; c < _keys.Length; c++)
        {
            StoreColumn(leaf.Column(c), c);
        }
    }

    private void StoreColumn(LeafColumn column, int c)
    {
        if (column.MissingBits is not null)
        {
            new Span<byte>(column.MissingBits, Leaf.MissingBytes).Clear();
        }

        for (var i = 0; i < Count; i++)
        {
            var missing = _missing[c][i];
            Packed.Set(column.Data, _widths[c], i, missing ? 0 : (ulong)(_keys[c][i] - _bases[c]));
            if (missing)
            {
                column.MissingBits[i >> 3] |= (byte)(1 << (i & 7));
            }
        }
    }

    private (int Once, int PerEvent) PlanWidths()
    {
        PlanTimes();
        var perEvent = Leaf.FingerprintBytes + _timeWidth;
        var once = layout.LeafHeader;
        for (var c = 0; c < _keys.Length; c++)
        {
            PlanColumn(c);
            perEvent += _widths[c];
            once += _anyMissing[c] ? Leaf.MissingBytes : 0;
        }

        return (once, perEvent);
    }

    private void PlanTimes()
    {
        var span = (ulong)(_times[Count - 1] - _times[0]);
        _timeWidth = Packed.WidthOf(span);
        _seconds = Packed.WidthOf(span / 1000) < _timeWidth;
        for (var i = 1; _seconds && i < Count; i++)
        {
            _seconds = (_times[i] - _times[0]) % 1000 == 0;
        }

        _timeWidth = _seconds ? Packed.WidthOf(span / 1000) : _timeWidth;
    }

    private void PlanColumn(int c)
    {
        var (keys, missing) = (_keys[c], _missing[c]);
        var (extent, any) = (MinMax.None, false);
        for (var i = 0; i < Count; i++)
        {
            any |= missing[i];
            extent = missing[i] ? extent : extent.With(keys[i]);
        }

        var isEmpty = extent.Least > extent.Greatest;
        _anyMissing[c] = any;
        _bases[c] = isEmpty ? 0 : extent.Least;
        _widths[c] = isEmpty ? 0 : Packed.WidthOf((ulong)(extent.Greatest - extent.Least));
    }
}
