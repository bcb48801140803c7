using Microsoft.Data.Sqlite;

namespace Grid.Engine;

/// <summary>The table of snapshots, from the side that writes.</summary>
internal sealed class SnapshotTable(SqliteConnection connection) : IDisposable
{
    // One way down the tree for all but the rarest: only where another entity has the place does it change nothing.
    private readonly Statement _put = new(connection, """
        INSERT INTO snapshots VALUES(?1, ?2, ?3, ?4, ?5, ?6)
            ON CONFLICT(id) DO UPDATE SET position = excluded.position, crc = excluded.crc, state = excluded.state
            WHERE kind = excluded.kind AND key = excluded.key
        """);

    private readonly Statement _find = new(connection, "SELECT id, kind, key FROM snapshots WHERE id BETWEEN ?1 AND ?2 ORDER BY id");

    /// <summary>Writes an entity's state in place of the one before.</summary>
    /// <param name="place">Its first place (<see cref="JournalReader.SnapshotId(ulong)"/>).</param>
    /// <param name="kind">In UTF-8.</param>
    /// <param name="key">In UTF-8.</param>
    /// <param name="position">The position that the state includes.</param>
    /// <param name="state">The snapshot.</param>
    /// <exception cref="SqliteException">It could not be written.</exception>
    public void Put(long place, ReadOnlySpan<byte> kind, ReadOnlySpan<byte> key, long position, ReadOnlySpan<byte> state)
    {
        _put.With(1, place).WithText(2, kind).WithText(3, key).With(4, position)
            .With(5, JournalReader.SnapshotChecksum(position, state)).WithBlob(6, state).Run();
        if (_put.Changed == 0)
        {
            _put.With(1, OtherPlace(place, kind, key)).Run();
        }
    }

    public void Dispose()
    {
        _put.Dispose();
        _find.Dispose();
    }

    /// <summary>Where the entity is, or the first place that is free, of those behind one that another entity has.</summary>
    private long OtherPlace(long place, ReadOnlySpan<byte> kind, ReadOnlySpan<byte> key)
    {
        _find.With(1, place).With(2, place + JournalReader.SnapshotPlaces);
        while (_find.Step() && _find.Integer(0) == place)
        {
            if (_find.Text(1).SequenceEqual(kind) && _find.Text(2).SequenceEqual(key))
            {
                break;
            }

            place++;
        }

        _find.Reset();
        return place;
    }
}
