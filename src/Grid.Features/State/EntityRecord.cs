using System.Text;

namespace Grid.Features.State;

/// <summary>
/// The header of an entity in its piece (bytes): handle (4), mark (1), kind (1), key length (2), position (8), touched (4); a root per
/// timeline (4 each); labels of each timeline with label columns (4 each); loaded values if the kind has batch features (4); the key in
/// UTF-8. If a root is the entity's own handle, the single leaf of that timeline follows.
/// </summary>
internal readonly unsafe struct EntityRecord(byte* piece, KindLayout layout)
{
    public const int Header = 20;

    /// <summary>The mark of an entity record.</summary>
    public const byte EntityMark = 0xFF;

    // The upper bits of a root are flags that cannot be derived from the tree.
    private const int HandleMask = (1 << 29) - 1;
    private const int ForgotBit = 1 << 29;
    private const int AggregateCacheBit = 1 << 30;

    public byte* Piece => piece;

    /// <summary>Distinguishes entities from other pieces, which have another number at this offset.</summary>
    public static ref byte Mark(byte* piece) => ref piece[Arena.Reserved];

    public static ref byte Kind(byte* piece) => ref piece[5];

    public static ref ushort KeyBytes(byte* piece) => ref *(ushort*)(piece + 6);

    public static ref long Position(byte* piece) => ref *(long*)(piece + 8);

    public static ref int Touched(byte* piece) => ref *(int*)(piece + 16);

    public ReadOnlySpan<byte> Key => new(piece + layout.RecordHeader, KeyBytes(piece));

    /// <summary>Bytes of the header and the key; an inline leaf may follow.</summary>
    public int HeadBytes => layout.RecordHeader + KeyBytes(piece);

    public string KeyText => Encoding.UTF8.GetString(Key);

    /// <summary>
    /// The handle of a timeline's root: a node or a leaf; the entity's own handle if the leaf is inline; 0 if there are no events.
    /// </summary>
    public int Root(int timeline) => RootWord(timeline) & HandleMask;

    public void SetRoot(int timeline, int handle) => RootWord(timeline) = (RootWord(timeline) & ~HandleMask) | handle;

    /// <summary>Whether events of the timeline were dropped.</summary>
    public bool Forgot(int timeline) => (RootWord(timeline) & ForgotBit) != 0;

    public void SetForgot(int timeline) => RootWord(timeline) |= ForgotBit;

    /// <summary>Whether the timeline has an aggregate cache, which must be updated on every change.</summary>
    public bool HasAggregateCache(int timeline) => (RootWord(timeline) & AggregateCacheBit) != 0;

    public void SetAggregateCache(int timeline, bool derived) =>
        RootWord(timeline) = derived ? RootWord(timeline) | AggregateCacheBit : RootWord(timeline) & ~AggregateCacheBit;

    /// <summary>The handle of a timeline's labels; 0 if there are none. Only for timelines with label columns.</summary>
    public ref int Labels(int timeline) => ref *(int*)(piece + layout.LabelsAt[timeline]);

    /// <summary>The handle of the loaded values; 0 if there are none. Only for kinds with batch features.</summary>
    public ref int Batches => ref *(int*)(piece + layout.BatchesAt);

    private ref int RootWord(int timeline) => ref *(int*)(piece + Header + (timeline * sizeof(int)));
}
