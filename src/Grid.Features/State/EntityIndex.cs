using System.Runtime.InteropServices;

namespace Grid.Features.State;

/// <summary>
/// Finds entities by a hash of kind and key: open addressing with linear probing, eight bytes a slot (32 bits of the hash, the handle). It
/// knows no keys; whoever asks compares them.
/// </summary>
internal sealed unsafe class EntityIndex : IDisposable
{
    private ulong* _slots;
    private int _length = 16;

    public EntityIndex() => _slots = Clean(_length);

    ~EntityIndex() => NativeMemory.Free(_slots);

    public int Count { get; private set; }

    public long AllocatedBytes => (long)_length * sizeof(ulong);

    /// <summary>How many slots the entities lie behind their places, on average.</summary>
    public double MeanDistance
    {
        get
        {
            var sum = 0L;
            for (var i = 0; i < _length; i++)
            {
                sum += _slots[i] == 0 ? 0 : Distance(Home((uint)(_slots[i] >> 32)), i);
            }

            return Count == 0 ? 0 : (double)sum / Count;
        }
    }

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
        if ((Count + 1) * 20L > _length * 17L)
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

    public void Dispose()
    {
        NativeMemory.Free(_slots);
        _slots = null;
        GC.SuppressFinalize(this);
    }

    private static ulong* Clean(int slots) => (ulong*)NativeMemory.AllocZeroed((nuint)slots, sizeof(ulong));

    private void Grow()
    {
        var (old, oldLength) = ((nint)_slots, _length);
        _length += _length / 2;
        _slots = Clean(_length);
        foreach (var slot in new ReadOnlySpan<ulong>((void*)old, oldLength))
        {
            if (slot != 0)
            {
                Put((uint)(slot >> 32), (int)slot);
            }
        }

        NativeMemory.Free((void*)old);
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

    private int Home(uint hash) => (int)((hash * (ulong)_length) >> 32);

    private int At(uint hash, int probe)
    {
        var at = Home(hash) + probe;
        return at < _length ? at : at - _length;
    }

    private int Follow(int at) => at + 1 < _length ? at + 1 : 0;

    private int Distance(int from, int to) => to >= from ? to - from : to - from + _length;
}
