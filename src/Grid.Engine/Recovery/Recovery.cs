using Grid.Decisions.Records;
using Grid.Features.Plans;

using Microsoft.Data.Sqlite;

namespace Grid.Engine;

/// <summary>
/// Brings a grid to where its data folder left off: checks the journal's end, and notes by entity what lies beyond the snapshots. The world is
/// not loaded; an entity comes back at its first touch. Only where the bundle keeps something else than the snapshots hold are all entities
/// made anew, from the whole journal.
/// </summary>
internal sealed class Recovery(EngineCore core, string file)
{
    public const string TailMeta = "tail";
    public const string LayoutMeta = "layout";

    private readonly JournalRecord _record = new();
    private readonly List<Told> _told = [];

    /// <summary>How many records lie beyond the last checkpoint.</summary>
    public long Records { get; private set; }

    /// <summary>Whether all entities were made anew from the journal.</summary>
    public bool Rebuilt { get; private set; }

    /// <summary>The newest batch, checked; null of an empty journal.</summary>
    /// <exception cref="JournalException">It is corrupt, or what was acknowledged after it is missing.</exception>
    public static StoredBatch? CheckEnd(JournalDatabase database, JournalReaders readers, long marked, bool cut)
    {
        var reader = readers.Take();
        try
        {
            while (true)
            {
                try
                {
                    var newest = reader.Newest();
                    return (newest?.Last ?? 0) >= marked || cut ? newest : throw JournalException.Corrupt(
                        database.File, (newest?.Last ?? 0) + 1, $"records up to position {marked} were acknowledged, but the journal ends before");
                }
                catch (JournalException e) when (e.IsCorrupt && e.Position > 0 && cut)
                {
                    Cut(database, e.Position);
                }
            }
        }
        finally
        {
            readers.Give(reader);
        }
    }

    /// <summary>Reads what lies beyond the last checkpoint.</summary>
    /// <param name="tail">The first position beyond it.</param>
    /// <param name="rebuild">Whether the snapshots cannot be read any more.</param>
    /// <exception cref="JournalException">The journal is corrupt.</exception>
    public void Run(long tail, bool rebuild)
    {
        var reader = core.Readers.Take();
        try
        {
            Rebuilt = rebuild;
            ReadWaiting(reader, tail);
            ReadBatches(reader, tail, rebuild);
        }
        catch (Exception e) when (e is InvalidDataException or SqliteException)
        {
            throw new JournalException($"The journal '{file}' cannot be read: {e.Message} Restore the folder from a copy.", e) { IsCorrupt = true };
        }
        finally
        {
            core.Readers.Give(reader);
        }
    }

    private static void Cut(JournalDatabase database, long from)
    {
        database.Begin();
        database.Run(string.Create(
            System.Globalization.CultureInfo.InvariantCulture,
            $"INSERT INTO cut SELECT * FROM batches WHERE first >= {from}; DELETE FROM batches WHERE first >= {from}"));
        database.Commit();
    }

    private void ReadBatches(JournalReader reader, long tail, bool rebuild)
    {
        var start = rebuild ? 0 : tail;
        var batch = reader.BatchOf(start) ?? reader.Next(start);
        StoredBatch? before = null;
        while (batch is { } now)
        {
            if (before is { } last && now.Previous != last.First)
            {
                throw JournalException.Corrupt(file, last.Last + 1, $"the batch of position {now.Previous} that comes before {now.First} is missing");
            }

            ReadRecords(now, tail, rebuild);
            before = batch;
            batch = reader.Next(now.Last + 1);
        }
    }

    private void ReadRecords(in StoredBatch batch, long tail, bool rebuild)
    {
        var map = core.MapOf(batch);
        var walk = new BatchWalk(batch);
        while (walk.Next(out var position, out var bytes))
        {
            if (position < tail && !rebuild)
            {
                continue;
            }

            _record.Read(position, bytes, map);
            core.ConcernedBy(_record, _told);
            foreach (var told in _told)
            {
                if (rebuild)
                {
                    var entities = core.ShardOf(told.Kind, told.Key).Entities;
                    entities.Replay(entities.TouchOrCreate(told.Kind, told.Key), _record);
                }
                else
                {
                    core.Tail.Add(told, new(position, bytes, map));
                }
            }

            if (position >= tail)
            {
                Records++;
                NoteIds(_record);
            }
        }
    }

    private void NoteIds(JournalRecord record)
    {
        var idHash = StableHash.Of(record.EventId);
        if (record.Kind is RecordKind.Label or RecordKind.WaitingLabel)
        {
            if (!record.HasRow)
            {
                return;
            }

            var facts = core.Events[record.Row.Plan.Ordinal];
            if (record.Waited == 0)
            {
                core.Ids.Add(facts.ContentKeyOf(record.Row), record.Position);
            }

            var target = core.Events[record.Row.Plan.Label!.Target].IdKeyOf(idHash);
            if (record.Kind == RecordKind.WaitingLabel)
            {
                core.Ids.Restore(new(record.Position, target));
            }
            else if (record.Waited != 0)
            {
                core.Ids.Arrived(target, record.Waited);
            }
        }
        else
        {
            core.Ids.Add(IdKeyOf(record.EventName, idHash), record.Position);
        }
    }

    // By name: the bundle may have the event type no more, and its ids are still taken.
    private static ulong IdKeyOf(string eventName, ulong idHash) => StableHash.With(idHash ^ StableHash.Of(eventName), 0);

    private void ReadWaiting(JournalReader reader, long tail)
    {
        foreach (var position in reader.WaitingLabels())
        {
            if (position >= tail || reader.BatchOf(position) is not { } batch || batch.RecordAt(position) is not { } bytes)
            {
                continue; // The tail tells of it again, or the retention time has passed.
            }

            _record.Read(position, bytes, core.MapOf(batch));
            if (_record.HasRow)
            {
                var target = core.Events[_record.Row.Plan.Label!.Target].IdKeyOf(_record.Row.IdHash);
                core.Ids.Restore(new(position, target));
            }
        }
    }
}
