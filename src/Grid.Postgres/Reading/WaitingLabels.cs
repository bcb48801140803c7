using Npgsql;

namespace Grid.Postgres;

/// <summary>
/// Labels that wait for their event. A label is committed before the events are looked at, and an event before the labels are: whichever comes
/// second sees the other.
/// </summary>
internal sealed class WaitingLabels(LogReads reads, NameIds names)
{
    private const string Insert = "insert into grid_log.waiting (type, id_hash, body) values ($1, $2, $3) on conflict do nothing";

    private const string EventCame = "select exists (select from grid_log.events where id_hash = $2 and type = $1)";

    private const string Read =
        """
        select body from grid_log.waiting where id_hash = $2 and type = (select id from grid_log.names where name = $1) order by place
        """;

    private const string Delete =
        """
        delete from grid_log.waiting
        where id_hash = $2 and type = (select id from grid_log.names where name = $1) and digest = sha256($3) and body = $3
        """;

    /// <inheritdoc cref="EventLog.AddWaitingAsync"/>
    public Task<bool> AddAsync(WaitingLabel label, CancellationToken cancellation)
    {
        LogText.Check(label.EventType, nameof(label.EventType));
        return reads.RunAsync((connection, cancellation) => AddAsync(connection, label, cancellation), cancellation);
    }

    /// <inheritdoc cref="EventLog.ReadWaitingAsync"/>
    public Task<IReadOnlyList<WaitingLabel>> ReadAsync(string eventType, ulong idHash, CancellationToken cancellation) => reads.RunAsync<IReadOnlyList<WaitingLabel>>(
        async (connection, cancellation) =>
        {
            using var command = new NpgsqlCommand(Read, connection);
            command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = eventType });
            command.Parameters.Add(Hash(idHash));
            var labels = new List<WaitingLabel>();
            var reader = await command.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
            await using var ended = reader.ConfigureAwait(false);
            while (await reader.ReadAsync(cancellation).ConfigureAwait(false))
            {
                labels.Add(new(eventType, idHash, reader.GetFieldValue<byte[]>(0)));
            }

            return labels;
        },
        cancellation);

    /// <inheritdoc cref="EventLog.RemoveWaitingAsync"/>
    public Task RemoveAsync(WaitingLabel label, CancellationToken cancellation) => reads.RunAsync(
        async (connection, cancellation) =>
        {
            using var command = new NpgsqlCommand(Delete, connection);
            command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = label.EventType });
            command.Parameters.Add(Hash(label.IdHash));
            command.Parameters.Add(Bytes(label.Body));
            return await command.ExecuteNonQueryAsync(cancellation).ConfigureAwait(false);
        },
        cancellation);

    private async Task<bool> AddAsync(NpgsqlConnection connection, WaitingLabel label, CancellationToken cancellation)
    {
        if (!names.TryGet(label.EventType, out var type))
        {
            await names.AddAsync(connection, [label.EventType], cancellation).ConfigureAwait(false);
            type = names[label.EventType];
        }

        using var batch = new NpgsqlBatch(connection);
        var insert = new NpgsqlBatchCommand(Insert) { AppendErrorBarrier = true }; // Committed here, before the events are looked at.
        insert.Parameters.Add(new NpgsqlParameter<int> { TypedValue = type });
        insert.Parameters.Add(Hash(label.IdHash));
        insert.Parameters.Add(Bytes(label.Body));
        var look = new NpgsqlBatchCommand(EventCame);
        look.Parameters.Add(new NpgsqlParameter<int> { TypedValue = type });
        look.Parameters.Add(Hash(label.IdHash));
        batch.BatchCommands.Add(insert);
        batch.BatchCommands.Add(look);
        return (bool)(await batch.ExecuteScalarAsync(cancellation).ConfigureAwait(false))!;
    }

    private static NpgsqlParameter<long> Hash(ulong hash) => new() { TypedValue = unchecked((long)hash) };

    private static NpgsqlParameter<ReadOnlyMemory<byte>> Bytes(ReadOnlyMemory<byte> bytes) => new() { TypedValue = bytes };
}
