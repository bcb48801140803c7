using Npgsql;
using NpgsqlTypes;

namespace Grid.Postgres;

/// <summary>A lane's connection, with the flush prepared on it, and the columns of the flush, used again each time.</summary>
internal sealed class FlushConnection : IAsyncDisposable
{
    private readonly NpgsqlConnection _connection;
    private readonly NpgsqlBatch _plain;
    private readonly NpgsqlBatch _withSnapshots;
    private readonly List<(NpgsqlParameter<long> LastAnswer, NpgsqlParameter<long> TrustFor)> _clocks = [];

    private FlushConnection(NpgsqlConnection connection)
    {
        _connection = connection;
        (_plain, _withSnapshots) = (BatchOf([]), BatchOf([(FlushSql.Snapshots, Snapshots.Parameters)]));
    }

    public RowColumns Rows { get; } = new();

    /// <summary>What is put into inboxes.</summary>
    public InboxColumns Told { get; } = new();

    /// <summary>What is taken out of them.</summary>
    public InboxColumns Taken { get; } = new();

    public SnapshotColumns Snapshots { get; } = new();

    public NpgsqlConnection Connection => _connection;

    /// <summary>Whether the flush under way, or the last one, was committed for certain.</summary>
    public bool Committed { get; private set; }

    public static async Task<FlushConnection> OpenAsync(NpgsqlDataSource source, CancellationToken cancellation)
    {
        var connection = await source.OpenConnectionAsync(cancellation).ConfigureAwait(false);
        var flush = new FlushConnection(connection);
        try
        {
            await flush._plain.PrepareAsync(cancellation).ConfigureAwait(false);
            await flush._withSnapshots.PrepareAsync(cancellation).ConfigureAwait(false);
            return flush;
        }
        catch
        {
            await flush.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Writes what is in the columns.</summary>
    /// <param name="lastAnswer">When the server answered last, by its own clock, in microseconds.</param>
    /// <param name="trustFor">How much later the server may find itself now and still write, in microseconds.</param>
    /// <param name="waiting">Takes the places, from 0, of rows for which labels wait.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public async Task<Answer> WriteAsync(long lastAnswer, long trustFor, List<int> waiting, CancellationToken cancellation)
    {
        Committed = false;
        foreach (var clock in _clocks)
        {
            (clock.LastAnswer.TypedValue, clock.TrustFor.TypedValue) = (lastAnswer, trustFor);
        }

        var reader = await (Snapshots.IsEmpty ? _plain : _withSnapshots).ExecuteReaderAsync(cancellation).ConfigureAwait(false);
        await using (reader.ConfigureAwait(false))
        {
            await reader.ReadAsync(cancellation).ConfigureAwait(false);
            var (now, bad) = (reader.GetInt64(0), await reader.IsDBNullAsync(1, cancellation).ConfigureAwait(false) ? null : reader.GetFieldValue<int[]>(1));
            await reader.NextResultAsync(cancellation).ConfigureAwait(false);
            Committed = true;
            while (await reader.ReadAsync(cancellation).ConfigureAwait(false))
            {
                waiting.Add(reader.GetInt32(0) - 1);
            }

            return new(now, bad);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _plain.DisposeAsync().ConfigureAwait(false);
        await _withSnapshots.DisposeAsync().ConfigureAwait(false);
        await _connection.DisposeAsync().ConfigureAwait(false);
    }

    /// <summary>The rows and what goes with them in one transaction, then the question who waits for them.</summary>
    private NpgsqlBatch BatchOf((string Sql, NpgsqlParameter[] Parameters)[] more)
    {
        var batch = new NpgsqlBatch(_connection);
        var clock = (LastAnswer: new NpgsqlParameter<long> { NpgsqlDbType = NpgsqlDbType.Bigint }, TrustFor: new NpgsqlParameter<long> { NpgsqlDbType = NpgsqlDbType.Bigint });
        _clocks.Add(clock);
        Add(FlushSql.Rows, [.. Rows.Parameters, clock.LastAnswer, clock.TrustFor, .. Told.Parameters, .. Taken.Parameters]);
        foreach (var (sql, parameters) in more)
        {
            Add(sql, parameters);
        }

        batch.BatchCommands[^1].AppendErrorBarrier = true; // Here the transaction is committed.
        Add(FlushSql.Waiting, [Rows.TypesAgain, Rows.IdHashesAgain]);
        return batch;

        void Add(string sql, NpgsqlParameter[] parameters)
        {
            var command = new NpgsqlBatchCommand(sql);
            command.Parameters.AddRange(parameters);
            batch.BatchCommands.Add(command);
        }
    }

    /// <summary>What the server said to a flush.</summary>
    /// <param name="Now">Its time, in microseconds.</param>
    /// <param name="Bad">The chains that do not follow the log's head; null where there are none.</param>
    internal readonly record struct Answer(long Now, int[]? Bad);
}
