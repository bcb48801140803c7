using Grid.Features.Plans;
using System.Numerics;
using System.Runtime.InteropServices;

namespace Grid.Features.State;

/// <summary>
/// A Bloom filter over the fingerprints of a long timeline, split into words of 64 bits (one memory access a question): Putze, Sanders and Singler,
/// "Cache-, hash- and space-efficient Bloom filters", 2009. Four bits of one word per event, at most one event per 16 bits: it says "perhaps" of about one stranger in
/// two hundred. It is derived from the timeline: made at the first question, dropped when the entity goes.
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
        // Room for as many again, so that making it anew is rare.
        var words = (int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(64, events * 2L * BitsPerEvent / 64));
        _shift = 64 - BitOperations.Log2((uint)words);
        _most = (int)((long)words * 64 / BitsPerEvent);
        Bytes = words * sizeof(ulong);
        _words = (ulong*)NativeMemory.AllocZeroed((nuint)Bytes);
    }

    ~FingerprintFilter() => NativeMemory.Free(_words);

    public int Bytes { get; }

    /// <summary>Whether so many were added that it has to be made anew. What was forgotten since stays in it until then.</summary>
    public bool IsFull => _added >= _most;

    /// <summary>Whether it is large enough for so many.</summary>
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
