using Grid.Decisions.Hosting;
using Grid.Decisions.Records;
using Grid.Decisions.Turns;
using Grid.Features.Binary;
using Grid.Features.Plans;

namespace Grid.Engine;

/// <summary>
/// A way that a request takes through the shards: a message that goes from one to the next. What all ways share: they are dropped with the memory
/// they worked on, they append to the journal, and they end once.
/// </summary>
internal abstract class TurnOperation(EngineCore core, TurnFrame frame, Completion completion) : ShardMessage
{
    private DeliveryPass _pass;
    private int _generation;

    public TurnFrame Frame { get; } = frame;

    protected EngineCore Core { get; } = core;

    protected Completion Completion { get; } = completion;

    protected EventRow Row => Frame.Row;

    /// <summary>Of what was appended; 0 where nothing was yet.</summary>
    protected long Position { get; private set; }

    public sealed override void RunOnShard(Shard shard)
    {
        if (WasDropped())
        {
            return;
        }

        try
        {
            StepOnShard(shard);
        }
        catch (Exception e)
        {
            Broke(e, ChangedNothing(e));
        }
    }

    /// <summary>Does what is next on the way.</summary>
    protected abstract void StepOnShard(Shard shard);

    /// <summary>Whether a step that broke had changed nothing: it is the call's own failure then.</summary>
    protected virtual bool ChangedNothing(Exception e) => Position == 0 && e is JournalException or GridException;

    protected void Begin() => (Position, _generation) = (0, Core.Generation);

    protected Shard ShardOf(int kind, int keySlot) => Core.ShardOf(kind, Row[keySlot].Text!);

    /// <summary>Appends a record; at durability <c>committed</c> the caller, if there is one, then waits for its commit too.</summary>
    /// <returns>False where the journal takes nothing now.</returns>
    protected bool TryAppend(ReadOnlySpan<byte> record)
    {
        var waits = Core.Options.Durability == Durability.Committed && Completion.IsAwaited;
        if (waits)
        {
            Completion.AddCommit();
        }

        Position = Core.Journal.Append(record, Row.At.UnixMilliseconds, waits ? Completion : null, out _pass);
        if (Position == 0)
        {
            Completion.DropCommit();
        }

        return Position != 0;
    }

    /// <summary>Appends a record that is the row and nothing else.</summary>
    /// <returns>False where the journal takes nothing now.</returns>
    protected bool TryAppendRow(Shard shard, RecordKind kind, EventFacts type)
    {
        var writer = new SpanWriter(shard.ScratchOf(16 + RowRecord.MaxBytes(Row, type.Sent)));
        writer.Byte((byte)kind);
        RowRecord.Write(ref writer, Row, type.Sent);
        return TryAppend(shard.Scratch.AsSpan(0, writer.Written));
    }

    /// <summary>Gives the first answer again, once it is on disk, and ends the way.</summary>
    protected void Repeat(object answer, long position)
    {
        Core.Metrics.Duplicate();
        Completion.Answer(answer);
        if (Core.Options.Durability == Durability.Committed && position > Core.Journal.Committed)
        {
            Completion.AddCommit();
            if (!Core.Journal.Join(Completion))
            {
                Completion.DropCommit();
                Refuse();
                return;
            }
        }

        End(null);
    }

    /// <summary>Ends the way: the journal takes nothing now.</summary>
    protected void Refuse()
    {
        Core.Metrics.Refused();
        End(GridException.Unavailable(Core.Unavailable ?? "More is waiting to be written than the journal can take now; asking again later may do."));
    }

    /// <summary>Something that must not happen did. Before anything was changed it is the call's own failure; after, memory is not to be trusted.</summary>
    protected void Broke(Exception e, bool nothingChanged)
    {
        if (nothingChanged)
        {
            End(e as GridException ?? GridException.Unavailable(e.Message, e));
            return;
        }

        Core.Distrust(e);
        End(GridException.Unavailable($"A turn broke off: {e.Message} Memory was dropped and is read again from the journal.", e));
    }

    /// <summary>Hands what was appended to another way, which will tell of it: this one may end before that is done.</summary>
    protected Appended HandOver()
    {
        var appended = new Appended(Position, _pass, _generation);
        Position = 0;
        return appended;
    }

    /// <summary>Takes over what another way has appended; dropped with the memory that it was appended under.</summary>
    protected void TakeOver(Appended appended) => (Position, _pass, _generation) = (appended.Position, appended.Pass, appended.Generation);

    /// <summary>Gives back what the way has of its own, before it ends.</summary>
    protected virtual void Ending()
    {
    }

    /// <summary>The way through the shards has ended. Nothing of the request may be touched after it.</summary>
    protected void End(Exception? failure)
    {
        Ending();
        if (Position != 0)
        {
            _pass.GiveBack();
        }

        Completion.PartDone(failure);
    }

    /// <summary>Whether memory was dropped since the way began: it has ended then.</summary>
    private bool WasDropped()
    {
        if (_generation == Core.Generation)
        {
            return false;
        }

        End(GridException.Unavailable("The grid dropped what was under way after a failed write; nothing was changed."));
        return true;
    }
}

/// <summary>What a way has appended and not told everyone of yet.</summary>
internal readonly record struct Appended(long Position, DeliveryPass Pass, int Generation);
