using System.Text;
using Grid.Features.State;

namespace Grid.Engine;

/// <summary>Goes through the entities of one shard: lists those that have changed, and puts away those that are idle and saved.</summary>
internal sealed class EntitySurvey(EngineCore core, Shard shard, CheckpointThrottle pace)
{
    private const int Slice = 1_024;

    private readonly List<int> _touched = [];
    private char[] _key = new char[256];
    private EntityHandle _at;

    /// <summary>The changed entities and their places in the table of snapshots, in the order of places.</summary>
    public List<(long Place, EntityHandle Entity)> Changed { get; } = [];

    /// <param name="putAway">Whether entities that are idle, or too many, leave memory.</param>
    /// <returns>The entities that were looked at: memory that was dropped later has others.</returns>
    public async Task<ShardEntities> RunAsync(bool putAway)
    {
        var entities = shard.Entities;
        var idleBefore = putAway ? await IdleBeforeAsync(entities).ConfigureAwait(false) : -1;
        await WalkAsync(entities, entity => Look(entities, entity, idleBefore)).ConfigureAwait(false);
        Changed.Sort(static (one, other) => one.Place.CompareTo(other.Place));
        return entities;
    }

    private void Look(ShardEntities entities, EntityHandle entity, int idleBefore)
    {
        if (entities.IsDirty(entity))
        {
            Changed.Add((PlaceOf(entities.Store, entity), entity));
        }
        else if (entities.TouchedAt(entity) < idleBefore)
        {
            entities.Store.Remove(entity);
            core.Metrics.Evict();
        }
    }

    private long PlaceOf(EntityStore store, EntityHandle entity)
    {
        var key = store.KeyBytesOf(entity);
        if (_key.Length < key.Length)
        {
            _key = new char[key.Length];
        }

        var chars = Encoding.UTF8.GetChars(key, _key);
        return JournalReader.SnapshotId(JournalReader.EntityHash(core.KindHashes[store.KindOf(entity)], _key.AsSpan(0, chars)));
    }

    /// <summary>Entities last touched before this are put away: those idle for long, and with too many in memory the longest idle ones.</summary>
    private async Task<int> IdleBeforeAsync(ShardEntities entities)
    {
        var before = core.CoarseTime - (int)Math.Min(core.Options.IdleAfter.TotalSeconds * 2, int.MaxValue / 2);
        var most = Math.Max(1, core.Options.MaxResidentEntities / core.Shards.Count);
        if (entities.Store.Count > most)
        {
            await WalkAsync(entities, entity => _touched.Add(entities.TouchedAt(entity))).ConfigureAwait(false);
            _touched.Sort();
            before = _touched.Count > most ? Math.Max(before, _touched[_touched.Count - most - 1] + 1) : before;
        }

        return before;
    }

    private Task WalkAsync(ShardEntities entities, Action<EntityHandle> look)
    {
        _at = EntityHandle.None;
        return ShardTask.RunAsync(shard, pace.Timed(on =>
        {
            if (!ReferenceEquals(entities, on.Entities))
            {
                return false;
            }

            for (var i = 0; i < Slice; i++)
            {
                _at = entities.Store.Next(_at);
                if (!_at.Exists)
                {
                    return false;
                }

                look(_at);
            }

            return true;
        }));
    }
}
