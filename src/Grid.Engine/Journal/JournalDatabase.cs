using System.Globalization;
using Grid.Decisions.Records;
using Grid.Features.Binary;
using Microsoft.Data.Sqlite;

namespace Grid.Engine;

/// <summary>The journal's database, from the side that writes. One thread uses it at a time: the opener's, then the journal's own.</summary>
internal sealed class JournalDatabase : IDisposable
{
    /// <summary>What SQLite calls the application id: the letters GRID.</summary>
    public const int ApplicationId = 0x4752_4944;

    /// <summary>The version of the tables and of what is in them. A newer one is refused.</summary>
    public const int FormatVersion = 1;

    private const string Tables = """
        CREATE TABLE meta(name TEXT PRIMARY KEY, value) WITHOUT ROWID;
        CREATE TABLE schemas(id INTEGER PRIMARY KEY, fingerprint TEXT NOT NULL UNIQUE, crc INTEGER NOT NULL, body BLOB NOT NULL);
        CREATE TABLE batches(first INTEGER PRIMARY KEY, count INTEGER NOT NULL, earliest INTEGER NOT NULL, latest INTEGER NOT NULL,
            schema INTEGER NOT NULL, previous INTEGER NOT NULL, crc INTEGER NOT NULL, payload BLOB NOT NULL);
        CREATE TABLE snapshots(id INTEGER PRIMARY KEY, kind TEXT NOT NULL, key TEXT NOT NULL, position INTEGER NOT NULL, crc INTEGER NOT NULL,
            state BLOB NOT NULL);
        CREATE TABLE ids(hash INTEGER NOT NULL, position INTEGER NOT NULL, PRIMARY KEY(hash, position)) WITHOUT ROWID;
        CREATE TABLE waiting(position INTEGER PRIMARY KEY);
        CREATE TABLE cut(first INTEGER, count, earliest, latest, schema, previous, crc, payload);
        CREATE TABLE probe(filler BLOB);
        """;

    // Made where it is missing: folders of before there were files to load lack it.
    private const string Files = "CREATE TABLE IF NOT EXISTS files(known INTEGER PRIMARY KEY, kind TEXT NOT NULL, features TEXT NOT NULL, crc INTEGER NOT NULL, body BLOB NOT NULL)";

    private readonly SqliteConnection _connection;
    private readonly SqliteCommand _insertBatch;
    private readonly SqliteCommand _setMeta;
    private readonly Statement _insertId;

    private JournalDatabase(SqliteConnection connection, string file)
    {
        (_connection, File) = (connection, file);
        _insertBatch = Prepare("INSERT INTO batches VALUES($0, $1, $2, $3, $4, $5, $6, $7)", 8);
        _setMeta = Prepare("INSERT OR REPLACE INTO meta VALUES($0, $1)", 2);
        Snapshots = new(connection);
        _insertId = new(connection, "INSERT OR IGNORE INTO ids VALUES(?1, ?2)");
    }

    public string File { get; }

    public SnapshotTable Snapshots { get; }

    /// <exception cref="JournalException">The database is corrupt, of a newer format, somebody else's, or cannot be written.</exception>
    public static JournalDatabase Open(string file, int maxPages)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = file, Pooling = false, DefaultTimeout = 5 }.ToString());
        try
        {
            connection.Open();
            Prime(connection, file);
            if (maxPages > 0)
            {
                Run(connection, string.Create(CultureInfo.InvariantCulture, $"PRAGMA max_page_count = {maxPages}"));
            }

            return new(connection, file);
        }
        catch (SqliteException e)
        {
            connection.Dispose();
            throw Translate(file, e);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>What SQLite says, as the grid says it.</summary>
    public static JournalException Translate(string file, SqliteException e) => e.SqliteErrorCode switch
    {
        SQLitePCL.raw.SQLITE_CORRUPT or SQLitePCL.raw.SQLITE_NOTADB =>
            new($"The journal '{file}' is corrupt: SQLite says '{e.Message}'. Restore the folder from a copy.", e) { IsCorrupt = true },
        _ => new($"The journal '{file}' cannot be used: SQLite says '{e.Message}'. See that the disk is writable and has room.", e),
    };

    public void Begin() => Run(_connection, "BEGIN IMMEDIATE");

    public void Commit() => Run(_connection, "COMMIT");

    /// <summary>Undoes what was begun; says nothing where SQLite has done so by itself.</summary>
    public void Rollback()
    {
        try
        {
            if (SQLitePCL.raw.sqlite3_get_autocommit(_connection.Handle!) == 0)
            {
                Run(_connection, "ROLLBACK");
            }
        }
        catch (SqliteException)
        {
            // The failure that led here is the one to tell.
        }
    }

    public void Insert(in StoredBatch batch, byte[] payload)
    {
        var parameters = _insertBatch.Parameters;
        parameters[0].Value = batch.First;
        parameters[1].Value = (long)batch.Count;
        parameters[2].Value = batch.Earliest;
        parameters[3].Value = batch.Latest;
        parameters[4].Value = batch.Schema;
        parameters[5].Value = batch.Previous;
        parameters[6].Value = (long)batch.ComputeChecksum();
        parameters[7].Value = payload;
        parameters[7].Size = batch.Payload.Length; // Cuts the value: the array is used again and again, and is longer.
        _insertBatch.ExecuteNonQuery();
    }

    public long? ReadMeta(string name)
    {
        using var command = _connection.CreateCommand();
        command.CommandText = "SELECT value FROM meta WHERE name = $0";
        command.Parameters.AddWithValue("$0", name);
        return command.ExecuteScalar() is long value ? value : null;
    }

    public string? ReadMetaText(string name)
    {
        using var command = _connection.CreateCommand();
        command.CommandText = "SELECT value FROM meta WHERE name = $0";
        command.Parameters.AddWithValue("$0", name);
        return command.ExecuteScalar() as string;
    }

    public void WriteMeta(string name, object value)
    {
        _setMeta.Parameters[0].Value = name;
        _setMeta.Parameters[1].Value = value;
        _setMeta.ExecuteNonQuery();
    }

    /// <summary>Notes that the hash of an id was seen at a position.</summary>
    public void InsertId(ulong hash, long position) => _insertId.With(1, (long)hash).With(2, position).Run();

    /// <summary>Whether a table holds anything.</summary>
    public bool Has(string table) => Ask(_connection, $"SELECT EXISTS(SELECT 1 FROM {table})") != 0;

    /// <summary>The id of a schema, which is stored where it is not there yet.</summary>
    public long IdOf(JournalSchema schema)
    {
        var body = schema.ToBytes();
        var fingerprint = JournalSchema.FingerprintOf(body);
        using var find = Prepare("SELECT id FROM schemas WHERE fingerprint = $0", 1);
        find.Parameters[0].Value = fingerprint;
        if (find.ExecuteScalar() is long id)
        {
            return id;
        }

        using var insert = Prepare("INSERT INTO schemas(fingerprint, crc, body) VALUES($0, $1, $2) RETURNING id", 3);
        insert.Parameters[0].Value = fingerprint;
        insert.Parameters[1].Value = (long)Checksum.Of(body);
        insert.Parameters[2].Value = body;
        return (long)insert.ExecuteScalar()!;
    }

    /// <summary>Writes and takes away again as much as a batch may need, and so finds out whether the disk takes work.</summary>
    public void Probe()
    {
        Begin();
        Run(_connection, "INSERT INTO probe VALUES(zeroblob(262144))");
        Commit();
        Run(_connection, "DELETE FROM probe");
    }

    public SqliteCommand Prepare(string text, int parameters)
    {
        var command = _connection.CreateCommand();
        command.CommandText = text;
        for (var i = 0; i < parameters; i++)
        {
            command.Parameters.Add(new SqliteParameter(string.Create(CultureInfo.InvariantCulture, $"${i}"), null));
        }

        return command;
    }

    public void Run(string text) => Run(_connection, text);

    public void Dispose()
    {
        _insertBatch.Dispose();
        _setMeta.Dispose();
        _insertId.Dispose();
        Snapshots.Dispose();
        _connection.Dispose();
    }

    private static void Prime(SqliteConnection connection, string file)
    {
        var application = Ask(connection, "PRAGMA application_id");
        var version = Ask(connection, "PRAGMA user_version");
        if (application == 0 && version == 0 && Ask(connection, "SELECT count(*) FROM sqlite_schema") == 0)
        {
            Run(connection, "PRAGMA page_size = 8192; PRAGMA journal_mode = WAL");
            Run(connection, string.Create(
                CultureInfo.InvariantCulture,
                $"BEGIN; {Tables} PRAGMA application_id = {ApplicationId}; PRAGMA user_version = {FormatVersion}; COMMIT"));
        }
        else if (application != ApplicationId)
        {
            throw new JournalException($"'{file}' is a database of something else; give the grid a folder of its own (Grid:Engine:Folder).");
        }
        else if (version > FormatVersion)
        {
            throw new JournalException(
                $"The journal '{file}' has format {version}; this build reads formats up to {FormatVersion}. Start a build at least as new as the one that wrote it.");
        }

        Run(connection, "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 2000; PRAGMA temp_store = MEMORY");
        Run(connection, Files);
    }

    private static long Ask(SqliteConnection connection, string text)
    {
        using var command = connection.CreateCommand();
        command.CommandText = text;
        return Convert.ToInt64(command.ExecuteScalar(), CultureInfo.InvariantCulture);
    }

    private static void Run(SqliteConnection connection, string text)
    {
        using var command = connection.CreateCommand();
        command.CommandText = text;
        command.ExecuteNonQuery();
    }
}
