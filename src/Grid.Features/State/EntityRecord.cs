using System.Text;

namespace Grid.Features.State;

/// <summary>
/// The header of an entity, in its piece: handle (4), mark (1), kind (1), bytes of the key (2), position (8), touched (4); a root per timeline (4), labels of the timelines that have
/// label columns (4 each), loaded values of a kind with batch features (4), the key in UTF-8. Where one of the roots is the entity's own handle, the only leaf of that timeline follows.
/// </summary>
internal readonly unsafe struct EntityRecord(byte* piece, KindLayout layout)
{
    public const int Header = 20;

    /// <summary>The mark of an entity.</summary>
    public const byte EntityMark = 0xFF;

    // The upper bits of a root say what cannot be told from the tree.
    private const int HandleMask = (1 << 29) - 1;
    private const int ForgotBit = 1 << 29;
    private const int AggregateCacheBit = 1 << 30;

    public byte* Piece => piece;

    /// <summary>Tells entities from other pieces, all of which have another number in this place.</summary>
    public static ref byte Mark(byte* piece) => ref piece[Arena.Reserved];

    public static ref byte Kind(byte* piece) => ref piece[5];

    public static ref ushort KeyBytes(byte* piece) => ref *(ushort*)(piece + 6);

    public static ref long Position(byte* piece) => ref *(long*)(piece + 8);

    public static ref int Touched(byte* piece) => ref *(int*)(piece + 16);

    public ReadOnlySpan<byte> Key => new(piece + layout.RecordHeader, KeyBytes(piece));

    /// <summary>Bytes before the leaf that may follow.</summary>
    public int HeadBytes => layout.RecordHeader + KeyBytes(piece);

    public string KeyText => Encoding.UTF8.GetString(Key);

    /// <summary>The handle of a timeline's root: a node or a leaf; the entity's own handle where the leaf follows the header; 0 where there is no event.</summary>
    public int Root(int timeline) => RootWord(timeline) & HandleMask;

    public void SetRoot(int timeline, int handle) => RootWord(timeline) = (RootWord(timeline) & ~HandleMask) | handle;

    /// <summary>Whether events of the timeline were forgotten.</summary>
    public bool Forgot(int timeline) => (RootWord(timeline) & ForgotBit) != 0;

    public void SetForgot(int timeline) => RootWord(timeline) |= ForgotBit;

    /// <summary>Whether something derived from the timeline is kept beside the tree, and has to hear of changes.</summary>
    public bool HasAggregateCache(int timeline) => (RootWord(timeline) & AggregateCacheBit) != 0;

    public void SetAggregateCache(int timeline, bool derived) =>
        RootWord(timeline) = derived ? RootWord(timeline) | AggregateCacheBit : RootWord(timeline) & ~AggregateCacheBit;

    /// <summary>The handle of a timeline's labels; 0 where none came yet. Only of a timeline with label columns.</summary>
    public ref int Labels(int timeline) => ref *(int*)(piece + layout.LabelsAt[timeline]);

    /// <summary>The handle of what was loaded; 0 where nothing was yet. Only of a kind with batch features.</summary>
    public ref int Batches => ref *(int*)(piece + layout.BatchesAt);

    private ref int RootWord(int timeline) => ref *(int*)(piece + Header + (timeline * sizeof(int)));
}
