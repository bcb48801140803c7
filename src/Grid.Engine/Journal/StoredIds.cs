namespace Grid.Engine;

/// <summary>
/// Which ids the database's index may hold: filters in memory, one for each stripe of <see cref="IdIndex"/>, so that an event with a new id
/// need not be looked up on the disk. A stripe whose ids were not read since the start may hold any. Changed by one thread at a time, read
/// by all.
/// </summary>
internal sealed class StoredIds
{
    private const int Smallest = 64;

    private readonly IdFilter?[] _filters = new IdFilter?[IdIndex.Stripes];

    /// <summary>Bytes of the filters: 10 to 20 bits an id.</summary>
    public long AllocatedBytes => _filters.Sum(filter => filter?.AllocatedBytes ?? 0);

    public bool MayHold(ulong key) => Volatile.Read(ref _filters[key >> 58]) is not { } filter || filter.MayHold(key);

    public bool IsRead(int stripe) => Volatile.Read(ref _filters[stripe]) is not null;

    /// <summary>The database's index is empty.</summary>
    public void SetEmpty()
    {
        for (var stripe = 0; stripe < _filters.Length; stripe++)
        {
            Volatile.Write(ref _filters[stripe], new(0));
        }
    }

    /// <summary>Adds keys of a stripe that are on disk now.</summary>
    /// <returns>False where the stripe has to be read, for it was not read yet or its filter has no room.</returns>
    public bool TryAdd(int stripe, ReadOnlySpan<(ulong Key, long Position)> ids)
    {
        if (_filters[stripe] is not { } filter || !filter.HasRoomFor(ids.Length))
        {
            return false;
        }

        foreach (var (key, _) in ids)
        {
            filter.Add(key);
        }

        return true;
    }

    /// <summary>Makes a stripe's filter anew from the database.</summary>
    /// <exception cref="JournalException">The database cannot be read.</exception>
    public void Read(JournalReader reader, int stripe)
    {
        var keys = new List<ulong>();
        reader.ReadIds((ulong)stripe << 58, ((ulong)stripe << 58) | (ulong.MaxValue >> 6), keys);
        var filter = new IdFilter(Math.Max(Smallest, keys.Count * 2));
        foreach (var key in keys)
        {
            filter.Add(key);
        }

        Volatile.Write(ref _filters[stripe], filter);
    }
}
