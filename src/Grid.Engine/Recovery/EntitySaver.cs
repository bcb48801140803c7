using System.Text;
using Grid.Features.State;

namespace Grid.Engine;

/// <summary>
/// Saves the changed entities of one shard, and puts idle ones away. A state that includes a position p may go to the disk once every record up to p
/// is there and was told to all it concerns. An entity that never rests is never found in such a state, so its state is copied as it is and held until
/// the journal has settled; the copy counts if nothing before p came to the entity meanwhile, and is taken again otherwise.
/// </summary>
internal sealed class EntitySaver(EngineCore core, Shard shard, CheckpointThrottle pace)
{
    private const int Rounds = 16;

    // Bounds of what is copied at once, of one turn in the shard, and of one of the journal's transactions, which callers may wait for.
    private const int MostCopies = 1_024;
    private const int MostBytes = 1 << 21;
    private const int Slice = 128;
    private const int SliceBytes = 1 << 17;
    private const int WorkEntities = 64;
    private const int WorkBytes = 1 << 16;

    private readonly byte[][] _kinds = [.. core.Bundle.Definitions.Kinds.Select(kind => Encoding.UTF8.GetBytes(kind.Name))];
    private readonly StateCopies _copies = new();
    private List<(long Place, EntityHandle Entity)> _rest = [];
    private List<(long Place, EntityHandle Entity)> _again = [];
    private ShardEntities? _entities;
    private long _settled;
    private int _next;

    /// <param name="settled">A position up to which everything is on disk and told.</param>
    /// <param name="putAway">Whether entities that are idle, or too many, leave memory.</param>
    /// <returns>True where every entity that had changed by then is saved.</returns>
    /// <exception cref="GridException">The journal failed meanwhile.</exception>
    public async Task<bool> RunAsync(long settled, bool putAway)
    {
        _settled = settled;
        var survey = new EntitySurvey(core, shard, pace);
        _entities = await survey.RunAsync(putAway).ConfigureAwait(false);
        _rest = survey.Changed;
        for (var round = 0; _rest.Count > 0 && round < Rounds; round++)
        {
            for (_next = 0; _next < _rest.Count;)
            {
                await SaveSomeAsync().ConfigureAwait(false);
                await pace.RestAsync().ConfigureAwait(false);
            }

            (_rest, _again) = (_again, _rest);
            _again.Clear();
        }

        return _rest.Count == 0 && ReferenceEquals(_entities, shard.Entities);
    }

    private async Task SaveSomeAsync()
    {
        _copies.Clear();
        await RunOnShardAsync(BeginOnShard).ConfigureAwait(false);
        await RunOnShardAsync(CopyOnShard).ConfigureAwait(false);
        if (_copies.Latest > _settled)
        {
            _settled = await core.Journal.SettleAsync().ConfigureAwait(false);
        }

        await RunOnShardAsync(ProveOnShard).ConfigureAwait(false);
        await WriteAsync().ConfigureAwait(false);
    }

    private Task RunOnShardAsync(Func<Shard, bool> slice) => ShardTask.RunAsync(shard, pace.Timed(slice));

    private bool BeginOnShard(Shard on)
    {
        on.Entities.WatchLate();
        return false;
    }

    private bool CopyOnShard(Shard on)
    {
        if (WasDropped(on))
        {
            return false;
        }

        var end = Math.Min(_rest.Count, _next + Slice);
        for (var bytes = _copies.Bytes + SliceBytes; _next < end && _copies.Bytes < bytes; _next++)
        {
            var (place, entity) = _rest[_next];
            if (_entities!.IsDirty(entity))
            {
                _entities.ForgetLate(entity);
                _copies.Add(_entities.Store, entity, place);
            }
        }

        return _next < _rest.Count && _copies.Count < MostCopies && _copies.Bytes < MostBytes;
    }

    /// <summary>The journal has settled past every copy.</summary>
    private bool ProveOnShard(Shard on)
    {
        if (!WasDropped(on))
        {
            _copies.RemoveAll(copy =>
            {
                var isBad = _entities!.CameLate(copy.Entity, copy.Position);
                if (isBad)
                {
                    _again.Add((copy.Place, copy.Entity));
                }

                return isBad;
            });
        }

        on.Entities.EndWatch();
        return false;
    }

    /// <summary>Whether memory was dropped meanwhile: handles of a store that is gone mean nothing any more.</summary>
    private bool WasDropped(Shard on)
    {
        if (ReferenceEquals(_entities, on.Entities))
        {
            return false;
        }

        _rest.Clear();
        _again.Clear();
        _copies.Clear();
        return true;
    }

    private async Task WriteAsync()
    {
        if (_copies.Count == 0)
        {
            return;
        }

        var works = new List<Task>();
        for (var from = 0; from < _copies.Count;)
        {
            var to = EndOfWork(from);
            var work = new SnapshotWork(_kinds, _copies, from, to);
            works.Add(work.Task);
            core.Journal.Add(work);
            from = to;
        }

        await Task.WhenAll(works).ConfigureAwait(false);
        core.HasSnapshots = true;
        var next = 0;
        await RunOnShardAsync(on =>
        {
            for (var end = Math.Min(next + Slice, _copies.Count); next < end && !WasDropped(on); next++)
            {
                on.Entities.Saved(_copies[next].Entity, _copies[next].Position);
            }

            return next < _copies.Count;
        }).ConfigureAwait(false);
    }

    private int EndOfWork(int from)
    {
        var to = from;
        for (var bytes = 0; to < _copies.Count && to < from + WorkEntities && bytes < WorkBytes; to++)
        {
            bytes += _copies[to].StateBytes;
        }

        return to;
    }
}
