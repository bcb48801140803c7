using System.Data;

using Npgsql;

namespace Grid.Postgres;

/// <summary>
/// Files of batch features, of which the log knows bytes only: put whole, then given a moment, then made sure of it. All of it may be done twice; what of a
/// file was put and never got a moment is deleted by <see cref="DeleteLeftAsync"/>.
/// </summary>
internal sealed class LogFiles
{
    private const string List = "select id, known, sure, kind, features from grid_log.files where known is not null order by known";

    private const string Read = "select body, checksum from grid_log.files where id = $1";

    private const string Put = "insert into grid_log.files (kind, features, checksum, body) values ($1, $2, $3, $4) returning id";

    // After the wait for its turn, in a statement of its own: that it sees what was named before.
    private const string Name =
        """
        update grid_log.files set known = greatest($2, (select coalesce(max(known), 0) + 1 from grid_log.files where id <> $1))
        where id = $1 and not sure returning known
        """;

    private const string MakeSure = "update grid_log.files set sure = true where id = $1 and known = $2";

    private const string Unname = "update grid_log.files set known = null where id = $1 and known = $2 and not sure";

    private const string Delete = "delete from grid_log.files where id = $1";

    private const string DeleteLeft = "delete from grid_log.files where known is null and put < now() - $1";

    // A file of many megabytes takes longer than other commands may.
    private static readonly TimeSpan BodyTimeout = TimeSpan.FromMinutes(1);

    private readonly LogReads _reads;

    internal LogFiles(LogReads reads) => _reads = reads;

    /// <summary>The files that have a moment, in the order of these.</summary>
    /// <exception cref="LogUnavailableException">The server cannot be reached. So it is with everything else here.</exception>
    public Task<IReadOnlyList<LogFile>> ListAsync(CancellationToken cancellation) => RunAsync<IReadOnlyList<LogFile>>(
        async (connection, cancellation) =>
        {
            using var command = new NpgsqlCommand(List, connection);
            var files = new List<LogFile>();
            var row = await command.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
            await using var ended = row.ConfigureAwait(false);
            while (await row.ReadAsync(cancellation).ConfigureAwait(false))
            {
                files.Add(new(row.GetInt64(0), EventTime.FromTrusted(row.GetInt64(1)), row.GetBoolean(2), row.GetString(3), row.GetString(4).Split(',')));
            }

            return files;
        },
        cancellation);

    /// <summary>A file's bytes, with the checksum that was put with them; null where there is none of that number any more.</summary>
    public Task<(byte[] Body, uint Checksum)?> ReadAsync(long id, CancellationToken cancellation) => RunAsync<(byte[], uint)?>(
        async (connection, cancellation) =>
        {
            using var command = Command(connection, Read, id);
            command.CommandTimeout = (int)BodyTimeout.TotalSeconds;
            var row = await command.ExecuteReaderAsync(CommandBehavior.SequentialAccess, cancellation).ConfigureAwait(false);
            await using var ended = row.ConfigureAwait(false);
            return await row.ReadAsync(cancellation).ConfigureAwait(false)
                ? (await row.GetFieldValueAsync<byte[]>(0, cancellation).ConfigureAwait(false), (uint)row.GetInt64(1))
                : null;
        },
        cancellation);

    /// <summary>Puts a file, without a moment: nobody reads it yet.</summary>
    /// <param name="kind">The kind whose features it holds.</param>
    /// <param name="features">Their names, none with a comma in it.</param>
    /// <param name="checksum">A checksum of the bytes; the log does not look at it.</param>
    /// <param name="body">The file.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <returns>Its number.</returns>
    public Task<long> PutAsync(string kind, IReadOnlyList<string> features, uint checksum, ReadOnlyMemory<byte> body, CancellationToken cancellation) => RunAsync(
        async (connection, cancellation) =>
        {
            using var command = new NpgsqlCommand(Put, connection) { CommandTimeout = (int)BodyTimeout.TotalSeconds };
            command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = kind });
            command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = string.Join(',', features) });
            command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = checksum });
            command.Parameters.Add(new NpgsqlParameter<ReadOnlyMemory<byte>> { TypedValue = body });
            return (long)(await command.ExecuteScalarAsync(cancellation).ConfigureAwait(false))!;
        },
        cancellation);

    /// <summary>Gives a file that is not sure yet a moment of its own, later than that of every other file.</summary>
    /// <param name="id">The file.</param>
    /// <param name="earliest">No earlier than this.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <returns>The moment; null where there is no such file any more.</returns>
    public Task<EventTime?> NameAsync(long id, EventTime earliest, CancellationToken cancellation) => RunAsync<EventTime?>(
        async (connection, cancellation) =>
        {
            using var batch = new NpgsqlBatch(connection);
            var name = new NpgsqlBatchCommand(Name);
            name.Parameters.Add(new NpgsqlParameter<long> { TypedValue = id });
            name.Parameters.Add(new NpgsqlParameter<long> { TypedValue = earliest.UnixMilliseconds });
            batch.BatchCommands.Add(new(LogLocks.ToName));
            batch.BatchCommands.Add(name);
            var row = await batch.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
            await using var ended = row.ConfigureAwait(false);
            await row.NextResultAsync(cancellation).ConfigureAwait(false);
            return await row.ReadAsync(cancellation).ConfigureAwait(false) ? EventTime.FromTrusted(row.GetInt64(0)) : null;
        },
        cancellation);

    /// <summary>Makes a file sure of its moment.</summary>
    /// <returns>False where it has that moment no more: somebody took it away, for it came too close.</returns>
    public Task<bool> MakeSureAsync(long id, EventTime known, CancellationToken cancellation) => RunAsync(
        async (connection, cancellation) =>
        {
            using var command = Command(connection, MakeSure, id, known);
            return await command.ExecuteNonQueryAsync(cancellation).ConfigureAwait(false) > 0;
        },
        cancellation);

    /// <summary>Takes a file's moment away, where it is not sure of it.</summary>
    public Task UnnameAsync(long id, EventTime known, CancellationToken cancellation) => RunAsync(
        async (connection, cancellation) =>
        {
            using var command = Command(connection, Unname, id, known);
            return await command.ExecuteNonQueryAsync(cancellation).ConfigureAwait(false);
        },
        cancellation);

    /// <summary>Deletes a file.</summary>
    public Task DeleteAsync(long id, CancellationToken cancellation) => RunAsync(
        async (connection, cancellation) =>
        {
            using var command = Command(connection, Delete, id);
            return await command.ExecuteNonQueryAsync(cancellation).ConfigureAwait(false);
        },
        cancellation);

    /// <summary>Deletes files that were put long ago, by the server's clock, and have no moment: whoever put them was lost.</summary>
    public Task DeleteLeftAsync(TimeSpan olderThan, CancellationToken cancellation) => RunAsync(
        async (connection, cancellation) =>
        {
            using var command = new NpgsqlCommand(DeleteLeft, connection);
            command.Parameters.Add(new NpgsqlParameter<TimeSpan> { TypedValue = olderThan });
            return await command.ExecuteNonQueryAsync(cancellation).ConfigureAwait(false);
        },
        cancellation);

    // What the server says of a statement, such as that a lock took too long, is no fault of the caller's either.
    private async Task<T> RunAsync<T>(Func<NpgsqlConnection, CancellationToken, Task<T>> run, CancellationToken cancellation)
    {
        try
        {
            return await _reads.RunAsync(run, cancellation).ConfigureAwait(false);
        }
        catch (PostgresException failure)
        {
            throw new LogUnavailableException($"The database refused: {failure.MessageText} Asking again later may do.", true, failure);
        }
    }

    private static NpgsqlCommand Command(NpgsqlConnection connection, string sql, long id)
    {
        var command = new NpgsqlCommand(sql, connection);
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = id });
        return command;
    }

    private static NpgsqlCommand Command(NpgsqlConnection connection, string sql, long id, EventTime known)
    {
        var command = Command(connection, sql, id);
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = known.UnixMilliseconds });
        return command;
    }
}
