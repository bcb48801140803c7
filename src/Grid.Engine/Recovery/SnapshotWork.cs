using Microsoft.Data.Sqlite;

namespace Grid.Engine;

/// <summary>An entity's state at a position, on its way to the disk.</summary>
internal readonly record struct SavedEntity(Features.EntityHandle Entity, string Kind, string Key, long Position, byte[] State);

/// <summary>Writes a few snapshots in one of the journal's transactions.</summary>
internal sealed class SnapshotWork(IReadOnlyList<SavedEntity> entities) : IJournalWork
{
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public const int Most = 32;

    public IReadOnlyList<SavedEntity> Entities => entities;

    public Task Task => _done.Task;

    public void Write(JournalDatabase database)
    {
        using var find = database.Prepare("SELECT id, kind, key FROM snapshots WHERE id BETWEEN $0 AND $1 ORDER BY id", 2);
        using var put = database.Prepare("INSERT OR REPLACE INTO snapshots VALUES($0, $1, $2, $3, $4, $5)", 6);
        foreach (var saved in entities)
        {
            put.Parameters[0].Value = PlaceOf(find, saved);
            put.Parameters[1].Value = saved.Kind;
            put.Parameters[2].Value = saved.Key;
            put.Parameters[3].Value = saved.Position;
            put.Parameters[4].Value = (long)JournalReader.SnapshotChecksum(saved.Position, saved.State);
            put.Parameters[5].Value = saved.State;
            put.ExecuteNonQuery();
        }
    }

    public void Done(Exception? failure)
    {
        if (failure is null)
        {
            _done.TrySetResult();
        }
        else
        {
            _done.TrySetException(failure);
        }
    }

    private static long PlaceOf(SqliteCommand find, in SavedEntity saved)
    {
        var id = JournalReader.SnapshotId(saved.Kind, saved.Key);
        find.Parameters[0].Value = id;
        find.Parameters[1].Value = id + JournalReader.SnapshotPlaces;
        using var row = find.ExecuteReader();
        while (row.Read() && row.GetInt64(0) == id)
        {
            if (row.GetString(1) == saved.Kind && row.GetString(2) == saved.Key)
            {
                return id;
            }

            id++;
        }

        return id;
    }
}

/// <summary>Something small that is written in one of the journal's transactions.</summary>
internal sealed class OtherWork(Action<JournalDatabase> write) : IJournalWork
{
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task Task => _done.Task;

    public void Write(JournalDatabase database) => write(database);

    public void Done(Exception? failure)
    {
        if (failure is null)
        {
            _done.TrySetResult();
        }
        else
        {
            _done.TrySetException(failure);
        }
    }
}
