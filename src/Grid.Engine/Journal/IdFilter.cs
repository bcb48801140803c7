namespace Grid.Engine;

/// <summary>
/// A Bloom filter of id keys whose bits for one key lie in one word, so that a lookup costs one memory access. False says that a key was
/// certainly not added. One writer at a time; readers need no lock, and find what was added before they were told of it.
/// </summary>
internal sealed class IdFilter
{
    private const int BitsPerKey = 10;
    private const int BitsPerWord = 64;
    private const int BitsSet = 5;

    private readonly ulong[] _words;

    /// <param name="capacity">How many keys fit: up to so many, at most about 3 in 100 other keys are taken for added.</param>
    public IdFilter(int capacity)
    {
        Capacity = capacity;
        _words = new ulong[(((long)capacity * BitsPerKey) + BitsPerWord - 1) / BitsPerWord];
    }

    public int Capacity { get; }

    public int Count { get; private set; }

    public long AllocatedBytes => (long)_words.Length * sizeof(ulong);

    public bool HasRoomFor(int keys) => keys <= Capacity - Count;

    public void Add(ulong key)
    {
        var mixed = Mix(key);
        ref var word = ref _words[PlaceOf(mixed)];
        Volatile.Write(ref word, word | MaskOf(mixed));
        Count++;
    }

    public bool MayHold(ulong key)
    {
        if (_words.Length == 0)
        {
            return false;
        }

        var mixed = Mix(key);
        var mask = MaskOf(mixed);
        return (Volatile.Read(ref _words[PlaceOf(mixed)]) & mask) == mask;
    }

    // The upper half of the mixed key chooses the word, the lower one the bits. A stripe's keys share their upper bits, so the key is mixed
    // again.
    private int PlaceOf(ulong mixed) => (int)(((mixed >> 32) * (ulong)_words.Length) >> 32);

    private static ulong MaskOf(ulong mixed)
    {
        var mask = 0UL;
        for (var i = 0; i < BitsSet; i++)
        {
            mask |= 1UL << (int)((mixed >> (6 * i)) & (BitsPerWord - 1));
        }

        return mask;
    }

    private static ulong Mix(ulong key)
    {
        key = (key ^ (key >> 29)) * 0x9E37_79B9_7F4A_7C15;
        return key ^ (key >> 32);
    }
}
