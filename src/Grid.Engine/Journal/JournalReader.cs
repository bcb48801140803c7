using System.Globalization;
using Grid.Decisions.Records;
using Grid.Features.Binary;
using Grid.Features.Plans;
using Microsoft.Data.Sqlite;

namespace Grid.Engine;

/// <summary>The journal's database, from a side that reads: a connection of its own, used by one thread at a time.</summary>
internal sealed class JournalReader : IDisposable
{
    private const string Columns = "first, count, earliest, latest, schema, previous, crc, payload";

    private readonly string _file;
    private readonly SqliteConnection _connection;
    private readonly SqliteCommand _batch;
    private readonly SqliteCommand _next;
    private readonly SqliteCommand _snapshot;
    private readonly SqliteCommand _ids;
    private readonly SqliteCommand _idRange;

    public JournalReader(string file)
    {
        _file = file;
        _connection = new(new SqliteConnectionStringBuilder
        {
            DataSource = file,
            Mode = SqliteOpenMode.ReadOnly,
            Pooling = false,
            DefaultTimeout = 5,
        }.ToString());
        _connection.Open();
        _batch = Prepare($"SELECT {Columns} FROM batches WHERE first <= $0 ORDER BY first DESC LIMIT 1", 1);
        _next = Prepare($"SELECT {Columns} FROM batches WHERE first >= $0 ORDER BY first LIMIT 1", 1);
        _snapshot = Prepare("SELECT kind, key, position, crc, state FROM snapshots WHERE id BETWEEN $0 AND $1", 2);
        _ids = Prepare("SELECT position FROM ids WHERE hash = $0 ORDER BY position", 1);
        _idRange = Prepare("SELECT hash FROM ids WHERE hash BETWEEN $0 AND $1", 2);
    }

    /// <summary>The batch that holds a position, checked; null where none does.</summary>
    /// <exception cref="JournalException">The batch is corrupt.</exception>
    public StoredBatch? BatchOf(long position) => Read(_batch, position) is { } batch && batch.Last >= position ? batch : null;

    /// <summary>The first batch at or after a position, checked; null at the end.</summary>
    /// <exception cref="JournalException">The batch is corrupt.</exception>
    public StoredBatch? Next(long position) => Read(_next, position);

    /// <summary>The newest batch; null of an empty journal.</summary>
    public StoredBatch? Newest() => Read(_batch, long.MaxValue);

    /// <summary>Where an entity's snapshot lies in the table: four places from a hash of its name, for the day when two names share one.</summary>
    public static long SnapshotId(string kind, string key) => SnapshotId(EntityHash(StableHash.Of(kind), key));

    /// <summary>The same of a hash of the name (<see cref="EntityHash"/>).</summary>
    public static long SnapshotId(ulong hash) => (long)(hash >> 2) << 2;

    /// <summary>The hash of an entity's name.</summary>
    /// <param name="kind">The stable hash of its kind.</param>
    /// <param name="key">Its key.</param>
    public static ulong EntityHash(ulong kind, ReadOnlySpan<char> key) => StableHash.With(kind ^ StableHash.Of(key), 1);

    /// <summary>How many places after <see cref="SnapshotId(ulong)"/> may hold the snapshot too.</summary>
    public const int SnapshotPlaces = 3;

    /// <summary>An entity's snapshot and the position that it includes; null where it has none.</summary>
    /// <exception cref="JournalException">The snapshot is corrupt.</exception>
    public (long Position, byte[] State)? SnapshotOf(string kind, string key)
    {
        var id = SnapshotId(kind, key);
        _snapshot.Parameters[0].Value = id;
        _snapshot.Parameters[1].Value = id + SnapshotPlaces;
        try
        {
            using var row = _snapshot.ExecuteReader();
            while (row.Read())
            {
                if (row.GetString(0) != kind || row.GetString(1) != key)
                {
                    continue;
                }

                var (position, crc, state) = (row.GetInt64(2), row.GetInt64(3), (byte[])row.GetValue(4));
                return crc == SnapshotChecksum(position, state) ? (position, state) : throw new JournalException(
                    $"The snapshot of {kind} '{key}' in '{_file}' is corrupt (its checksum does not fit); nothing of it was taken as data.")
                {
                    IsCorrupt = true,
                };
            }

            return null;
        }
        catch (SqliteException e)
        {
            throw JournalDatabase.Translate(_file, e);
        }
    }

    public static uint SnapshotChecksum(long position, ReadOnlySpan<byte> state) =>
        ~Checksum.Continue(Checksum.Continue(uint.MaxValue, position), state);

    /// <summary>The positions that an id's hash was seen at, oldest first.</summary>
    public void FindIds(ulong hash, List<long> positions)
    {
        _ids.Parameters[0].Value = (long)hash;
        try
        {
            using var row = _ids.ExecuteReader();
            while (row.Read())
            {
                positions.Add(row.GetInt64(0));
            }
        }
        catch (SqliteException e)
        {
            throw JournalDatabase.Translate(_file, e);
        }
    }

    /// <summary>The hashes from one to another that the index of ids holds. Both have the same highest bit.</summary>
    public void ReadIds(ulong from, ulong to, List<ulong> hashes)
    {
        (_idRange.Parameters[0].Value, _idRange.Parameters[1].Value) = ((long)from, (long)to);
        try
        {
            using var row = _idRange.ExecuteReader();
            while (row.Read())
            {
                hashes.Add((ulong)row.GetInt64(0));
            }
        }
        catch (SqliteException e)
        {
            throw JournalDatabase.Translate(_file, e);
        }
    }

    public List<long> WaitingLabels()
    {
        var positions = new List<long>();
        using var command = Prepare("SELECT position FROM waiting ORDER BY position", 0);
        using var row = command.ExecuteReader();
        while (row.Read())
        {
            positions.Add(row.GetInt64(0));
        }

        return positions;
    }

    /// <exception cref="JournalException">A schema is corrupt.</exception>
    public Dictionary<long, JournalSchema> ReadSchemas()
    {
        var schemas = new Dictionary<long, JournalSchema>();
        using var command = Prepare("SELECT id, crc, body FROM schemas", 0);
        using var row = command.ExecuteReader();
        while (row.Read())
        {
            var body = (byte[])row.GetValue(2);
            schemas.Add(row.GetInt64(0), row.GetInt64(1) == Checksum.Of(body) ? JournalSchema.Read(body) : throw new JournalException(
                $"Schema {row.GetInt64(0)} of the journal '{_file}' is corrupt (its checksum does not fit). Restore the folder from a copy.")
            {
                IsCorrupt = true,
            });
        }

        return schemas;
    }

    public void Dispose()
    {
        _batch.Dispose();
        _next.Dispose();
        _snapshot.Dispose();
        _ids.Dispose();
        _idRange.Dispose();
        _connection.Dispose();
    }

    private StoredBatch? Read(SqliteCommand command, long position)
    {
        command.Parameters[0].Value = position;
        try
        {
            using var row = command.ExecuteReader();
            return row.Read() ? Check(row) : null;
        }
        catch (SqliteException e)
        {
            throw JournalDatabase.Translate(_file, e);
        }
        catch (Exception e) when (e is InvalidCastException or FormatException or OverflowException)
        {
            throw JournalException.Corrupt(_file, position, "a column holds something else than it should", e);
        }
    }

    private StoredBatch Check(SqliteDataReader row)
    {
        var batch = new StoredBatch(
            row.GetInt64(0),
            checked((int)row.GetInt64(1)),
            row.GetInt64(2),
            row.GetInt64(3),
            row.GetInt64(4),
            row.GetInt64(5),
            (byte[])row.GetValue(7));
        return row.GetInt64(6) == batch.ComputeChecksum() ? batch : throw JournalException.Corrupt(
            _file,
            batch.First,
            $"the batch of positions {batch.First} to {batch.Last} does not fit its checksum");
    }

    private SqliteCommand Prepare(string text, int parameters)
    {
        var command = _connection.CreateCommand();
        command.CommandText = text;
        for (var i = 0; i < parameters; i++)
        {
            command.Parameters.Add(new SqliteParameter(string.Create(CultureInfo.InvariantCulture, $"${i}"), null));
        }

        return command;
    }
}

/// <summary>Readers that wait for their next use. Who takes one has it alone.</summary>
internal sealed class JournalReaders(string file) : IDisposable
{
    private readonly Lock _lock = new();
    private readonly Stack<JournalReader> _free = [];
    private bool _disposed;

    /// <exception cref="ObjectDisposedException">The grid was stopped.</exception>
    public JournalReader Take()
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (_free.TryPop(out var reader))
            {
                return reader;
            }
        }

        return new(file);
    }

    public void Give(JournalReader reader)
    {
        lock (_lock)
        {
            if (!_disposed)
            {
                _free.Push(reader);
                return;
            }
        }

        reader.Dispose();
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _disposed = true;
            while (_free.TryPop(out var reader))
            {
                reader.Dispose();
            }
        }
    }
}
