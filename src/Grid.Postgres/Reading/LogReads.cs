using Npgsql;

namespace Grid.Postgres;

/// <summary>Runs what is no part of a flush, on connections of a pool. All of it may run twice, and does where a connection turns out to be dead.</summary>
internal sealed class LogReads(NpgsqlDataSource source, NameIds names)
{
    public async Task<T> RunAsync<T>(Func<NpgsqlConnection, CancellationToken, Task<T>> read, CancellationToken cancellation)
    {
        try
        {
            return await OnceAsync(read, cancellation).ConfigureAwait(false);
        }
        catch (NpgsqlException failure) when (IsLost(failure))
        {
            source.Clear(); // A server that came back leaves a pool of connections to the one before.
        }

        try
        {
            return await OnceAsync(read, cancellation).ConfigureAwait(false);
        }
        catch (NpgsqlException failure)
        {
            throw new LogUnavailableException($"The database cannot be reached: {failure.Message} Asking again later may do.", true, failure);
        }
    }

    /// <summary>Runs a statement that answers rows: version, type, id hash, time, body.</summary>
    public async Task<IReadOnlyList<LogEntry>> EntriesAsync(EntityId entity, NpgsqlCommand command, CancellationToken cancellation)
    {
        var entries = new List<LogEntry>();
        var reader = await command.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
        await using var ended = reader.ConfigureAwait(false);
        while (await reader.ReadAsync(cancellation).ConfigureAwait(false))
        {
            entries.Add(await EntryAsync(entity, reader, 0, cancellation).ConfigureAwait(false));
        }

        return entries;
    }

    /// <summary>Runs a statement that answers rows: version, type, id hash, time, body, kind, key.</summary>
    public async Task<IReadOnlyList<LogEntry>> EntriesAsync(NpgsqlCommand command, CancellationToken cancellation)
    {
        var entries = new List<LogEntry>();
        var reader = await command.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
        await using var ended = reader.ConfigureAwait(false);
        while (await reader.ReadAsync(cancellation).ConfigureAwait(false))
        {
            var entity = await EntityAsync(reader, 5, cancellation).ConfigureAwait(false);
            entries.Add(await EntryAsync(entity, reader, 0, cancellation).ConfigureAwait(false));
        }

        return entries;
    }

    /// <summary>The entity in two columns: kind, key.</summary>
    public async ValueTask<EntityId> EntityAsync(NpgsqlDataReader reader, int column, CancellationToken cancellation) =>
        new(await names.NameOfAsync(source, reader.GetInt32(column), cancellation).ConfigureAwait(false), reader.GetString(column + 1));

    public async ValueTask<LogEntry> EntryAsync(EntityId entity, NpgsqlDataReader reader, int column, CancellationToken cancellation) => new(
        entity,
        reader.GetInt64(column),
        await names.NameOfAsync(source, reader.GetInt32(column + 1), cancellation).ConfigureAwait(false),
        unchecked((ulong)reader.GetInt64(column + 2)),
        EventTime.FromTrusted(reader.GetInt64(column + 3)),
        reader.GetFieldValue<byte[]>(column + 4));

    private async Task<T> OnceAsync<T>(Func<NpgsqlConnection, CancellationToken, Task<T>> read, CancellationToken cancellation)
    {
        var connection = await source.OpenConnectionAsync(cancellation).ConfigureAwait(false);
        await using var ended = connection.ConfigureAwait(false);
        return await read(connection, cancellation).ConfigureAwait(false);
    }

    // What the server says of a statement itself would be said again; a connection that broke, or that the server has closed, is another matter.
    private static bool IsLost(NpgsqlException failure) => failure is not PostgresException { InvariantSeverity: "ERROR" };
}
