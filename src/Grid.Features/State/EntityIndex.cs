namespace Grid.Features;

/// <summary>
/// Finds entities by a hash of kind and key: open addressing with linear probing, eight bytes a slot (32 bits of the hash, the handle). It
/// knows no keys; whoever asks compares them.
/// </summary>
internal sealed class EntityIndex
{
    private ulong[] _slots = new ulong[16];

    public int Count { get; private set; }

    public long AllocatedBytes => (long)_slots.Length * sizeof(ulong);

    /// <summary>Goes through the handles that may be meant: start with a probe of 0 and pass the one that comes back; 0 ends it.</summary>
    public int Next(uint hash, ref int probe)
    {
        for (var slots = _slots; ;)
        {
            var slot = slots[At(hash, probe++)];
            if (slot == 0)
            {
                return 0;
            }

            if ((uint)(slot >> 32) == hash)
            {
                return (int)slot;
            }
        }
    }

    public void Add(uint hash, int handle)
    {
        // Never more than 85 % full, and growing by half: between 9.4 and 14 bytes an entity.
        if ((Count + 1) * 20L > _slots.Length * 17L)
        {
            Grow();
        }

        Put(hash, handle);
        Count++;
    }

    public void Remove(uint hash, int handle)
    {
        var hole = 0;
        while ((int)_slots[At(hash, hole)] != handle)
        {
            hole++;
        }

        // What follows moves up where that brings it no further from its place.
        var at = At(hash, hole);
        for (var i = Follow(at); _slots[i] != 0; i = Follow(i))
        {
            var home = Home((uint)(_slots[i] >> 32));
            if (Distance(home, i) >= Distance(at, i))
            {
                _slots[at] = _slots[i];
                at = i;
            }
        }

        _slots[at] = 0;
        Count--;
    }

    private void Grow()
    {
        var old = _slots;
        _slots = new ulong[old.Length + (old.Length / 2)];
        foreach (var slot in old)
        {
            if (slot != 0)
            {
                Put((uint)(slot >> 32), (int)slot);
            }
        }
    }

    private void Put(uint hash, int handle)
    {
        var probe = 0;
        while (_slots[At(hash, probe)] != 0)
        {
            probe++;
        }

        _slots[At(hash, probe)] = ((ulong)hash << 32) | (uint)handle;
    }

    private int Home(uint hash) => (int)((hash * (ulong)_slots.Length) >> 32);

    private int At(uint hash, int probe)
    {
        var at = Home(hash) + probe;
        return at < _slots.Length ? at : at - _slots.Length;
    }

    private int Follow(int at) => at + 1 < _slots.Length ? at + 1 : 0;

    private int Distance(int from, int to) => to >= from ? to - from : to - from + _slots.Length;
}
