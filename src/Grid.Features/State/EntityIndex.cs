using System.Runtime.InteropServices;

namespace Grid.Features.State;

/// <summary>
/// Hash index of entities by kind and key: open addressing with linear probing, eight bytes per slot (32 bits of the hash, the handle). The
/// index stores no keys; the caller compares them.
/// </summary>
internal sealed unsafe class EntityIndex : IDisposable
{
    private ulong* _slots;
    private int _length = 16;

    public EntityIndex() => _slots = Clean(_length);

    ~EntityIndex() => NativeMemory.Free(_slots);

    public int Count { get; private set; }

    public long AllocatedBytes => (long)_length * sizeof(ulong);

    /// <summary>Mean probe distance of an entity from its home slot, in slots.</summary>
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

    /// <summary>Iterates over the candidate handles for a hash. Start with a probe of 0 and pass it on; returns 0 at the end.</summary>
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
        // At most 85 % full, growing by half: between 9.4 and 14 bytes per entity.
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

        // Backward-shift deletion: move a following entry into the hole unless that takes it before its home slot.
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
