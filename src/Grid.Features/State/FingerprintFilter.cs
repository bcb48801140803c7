using System.Numerics;
using System.Runtime.InteropServices;
using Grid.Features.Plans;

namespace Grid.Features.State;

/// <summary>
/// A Bloom filter over the fingerprints of a long timeline, blocked into 64-bit words (one memory access per lookup): Putze, Sanders and
/// Singler, "Cache-, hash- and space-efficient Bloom filters", 2009. Four bits of one word per event and at least 16 bits of filter per
/// event give a false positive rate of about 0.5 %. Derived from the timeline: built at the first lookup, dropped when the entity is
/// evicted.
/// </summary>
internal sealed unsafe class FingerprintFilter : IDisposable
{
    private const int BitsPerEvent = 16;

    private ulong* _words;
    private readonly int _shift;
    private readonly int _most;
    private int _added;

    public FingerprintFilter(int events)
    {
        // Twice the current size, so that rebuilds are rare.
        var words = (int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(64, events * 2L * BitsPerEvent / 64));
        _shift = 64 - BitOperations.Log2((uint)words);
        _most = (int)((long)words * 64 / BitsPerEvent);
        Bytes = words * sizeof(ulong);
        _words = (ulong*)NativeMemory.AllocZeroed((nuint)Bytes);
    }

    ~FingerprintFilter() => NativeMemory.Free(_words);

    public int Bytes { get; }

    /// <summary>Whether the filter is full and must be rebuilt. Dropped events stay in it until then.</summary>
    public bool IsFull => _added >= _most;

    /// <summary>Whether the filter is large enough for that many events.</summary>
    public bool Fits(int events) => events < _most / 4 * 3;

    public void Clear()
    {
        NativeMemory.Clear(_words, (nuint)Bytes);
        _added = 0;
    }

    public void Add(uint print)
    {
        var (word, bits) = Place(print);
        _words[word] |= bits;
        _added++;
    }

    public bool MayHold(uint print)
    {
        var (word, bits) = Place(print);
        return (_words[word] & bits) == bits;
    }

    public void Dispose()
    {
        NativeMemory.Free(_words);
        _words = null;
        GC.SuppressFinalize(this);
    }

    private (long Word, ulong Bits) Place(uint print)
    {
        var hash = StableHash.With(print, 1);
        var bits = (1UL << (int)(hash & 63)) | (1UL << (int)((hash >> 6) & 63)) | (1UL << (int)((hash >> 12) & 63)) | (1UL << (int)((hash >> 18) & 63));
        return ((long)(hash >> _shift), bits);
    }
}
