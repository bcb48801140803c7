using Npgsql;

namespace Grid.Postgres;

/// <summary>
/// One connection and the loop that writes through it: takes what has gathered, writes it as one transaction, tells those who wait. While a flush is
/// under way the next batch fills, so its size follows the load and no row waits for a timer.
/// </summary>
internal sealed class Lane : IAsyncDisposable
{
    private const int MostAttempts = 20;

    private readonly NpgsqlDataSource _source;
    private readonly NameIds _names;
    private readonly EventLogMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly FlushRows _rows = new();
    private readonly FlushSnapshots _snapshots = new();
    private readonly List<int> _waiting = [];
    private readonly Task _loop;
    private FlushConnection? _connection;
    private long _lastAnswer;

    public Lane(NpgsqlDataSource source, NameIds names, EventLogMetrics metrics, EventLogOptions options, TimeProvider time)
    {
        (_source, _names, _metrics, _time) = (source, names, metrics, time);
        Intake = new(options, time);
        _loop = Task.Run(RunAsync);
    }

    public LaneIntake Intake { get; }

    /// <summary>Writes what has gathered, then ends.</summary>
    public async ValueTask DisposeAsync()
    {
        Intake.Stop();
        await _loop.ConfigureAwait(false);
        Intake.Dispose();
    }

    private async Task RunAsync()
    {
        try
        {
            await LoopAsync().ConfigureAwait(false);
        }
        finally
        {
            Intake.Stop(); // Were the loop to break, nobody must wait for it.
        }
    }

    private async Task LoopAsync()
    {
        while (await Intake.TakeAsync().ConfigureAwait(false) is { } batch)
        {
            _rows.Take(batch.Rows);
            _snapshots.Take(batch.Snapshots);
            Intake.PutBack(_rows.Postponed, _snapshots.Early);
            var failure = await TryFlushAsync(batch).ConfigureAwait(false);
            if (failure is not null)
            {
                _metrics.Failed();
                await CloseAsync().ConfigureAwait(false);
                FailRows(failure);
            }

            _snapshots.End(failure);
            batch.End();
            Intake.GiveBack(batch);
        }

        await CloseAsync().ConfigureAwait(false);
    }

    /// <summary>Writes, and tells the rows that were written or fenced.</summary>
    /// <returns>Why nothing was written, or perhaps nothing; null where it was.</returns>
    private async Task<LogUnavailableException?> TryFlushAsync(Batch batch)
    {
        var started = _time.GetTimestamp();
        FlushConnection connection;
        try
        {
            connection = await ConnectAsync().ConfigureAwait(false);
            await AddNamesAsync(connection).ConfigureAwait(false);
        }
        catch (Exception failure) when (IsOfDatabase(failure))
        {
            return new($"The database cannot be reached: {failure.Message} Nothing was written; asking again later may do.", false, failure);
        }

        try
        {
            FillSnapshots(connection);
            var bad = await WriteAsync(connection).ConfigureAwait(false);
            _metrics.Flushed(_time.GetElapsedTime(started), _rows.Rows.Count, batch.Length);
            TellRows(bad);
            return null;
        }
        catch (Exception failure) when (IsOfDatabase(failure))
        {
            return failure is PostgresException { InvariantSeverity: "ERROR" } && !connection.Committed
                ? new($"The database refused the rows: {failure.Message} Nothing was written; asking again later may do.", false, failure)
                : new($"The database was lost during a commit: {failure.Message} Whether the row was written is unknown; the entity's history tells.", true, failure);
        }
    }

    private async Task<int[]?> WriteAsync(FlushConnection connection)
    {
        var checkAll = false;
        for (var attempt = 1; ; attempt++)
        {
            FillRows(connection, checkAll);
            _waiting.Clear();
            try
            {
                var answer = await connection.WriteAsync(_lastAnswer, checkAll ? long.MaxValue : Trust.Microseconds, _waiting, default).ConfigureAwait(false);
                var late = !checkAll && _rows.Rows.Count > 0 && answer.Now - _lastAnswer > Trust.Microseconds;
                _lastAnswer = answer.Now;
                if (!late)
                {
                    return answer.Bad;
                }
            }
            catch (PostgresException failure) when (attempt < MostAttempts && !connection.Committed && SilentBlockers.AreBehind(failure))
            {
                // Somebody holds the lock of a row and may be frozen. If so its transaction is ended; if not, what it has written by then is seen at the next attempt.
                _metrics.Conflicted();
                await SilentBlockers.EndAsync(connection.Connection, default).ConfigureAwait(false);
            }
            catch (PostgresException failure) when (attempt < MostAttempts && !connection.Committed && IsConflict(failure))
            {
                // Somebody else has written one of the versions: the whole transaction was undone. Now every chain is checked, and that one left out.
                _metrics.Conflicted();
            }

            checkAll = true;
        }
    }

    private void FillRows(FlushConnection connection, bool checkAll)
    {
        connection.Rows.Clear();
        connection.Told.Clear();
        connection.Taken.Clear();
        for (var chain = 0; chain < _rows.Chains.Count; chain++)
        {
            var (writer, start, count, first, _) = _rows.Chains[chain];
            var check = checkAll || writer.SeenAt == 0 || _lastAnswer - writer.SeenAt > Trust.Microseconds;
            for (var i = 0; i < count; i++)
            {
                var row = _rows.Rows[start + i];
                connection.Rows.Add(row, _names, chain, i == 0 && check ? first - 1 : -1);
                foreach (var other in row.Tells)
                {
                    connection.Told.Add(other, new(writer.Entity, row.Version), _names, chain);
                }

                foreach (var taken in row.Takes)
                {
                    connection.Taken.Add(writer.Entity, taken, _names, chain);
                }
            }
        }
    }

    private void FillSnapshots(FlushConnection connection)
    {
        connection.Snapshots.Clear();
        foreach (var snapshot in _snapshots.Due)
        {
            connection.Snapshots.Add(_names[snapshot.Writer.Entity.Kind], snapshot.Writer.Entity.Key, snapshot.Version, snapshot.Bytes);
        }
    }

    private async Task AddNamesAsync(FlushConnection connection)
    {
        List<string>? unknown = null;
        foreach (var row in _rows.Rows)
        {
            Look(row.Writer.Entity.Kind);
            Look(row.EventType);
            foreach (var other in row.Tells)
            {
                Look(other.Kind);
            }
        }

        foreach (var snapshot in _snapshots.Due)
        {
            Look(snapshot.Writer.Entity.Kind);
        }

        if (unknown is not null)
        {
            await _names.AddAsync(connection.Connection, unknown, default).ConfigureAwait(false);
        }

        void Look(string name)
        {
            if (!_names.TryGet(name, out _))
            {
                (unknown ??= []).Add(name);
            }
        }
    }

    private void TellRows(int[]? bad)
    {
        foreach (var place in _waiting)
        {
            _rows.Rows[place].LabelsWait = true;
        }

        for (var chain = 0; chain < _rows.Chains.Count; chain++)
        {
            var (writer, start, count, first, last) = _rows.Chains[chain];
            if (bad is not null && bad.AsSpan().Contains(chain))
            {
                _metrics.Fenced();
                var fenced = new LogFencedException(writer.Entity, first);
                writer.Break(fenced);
                Fail(start, count, fenced);
                continue;
            }

            writer.Commit(last, _lastAnswer);
            for (var i = start; i < start + count; i++)
            {
                _rows.Rows[i].Succeed(); // From here on it may be another row already.
            }
        }
    }

    private void FailRows(LogUnavailableException failure)
    {
        foreach (var chain in _rows.Chains)
        {
            chain.Writer.Break(failure);
            Fail(chain.Start, chain.Count, failure);
        }
    }

    private void Fail(int start, int count, Exception failure)
    {
        for (var i = start; i < start + count; i++)
        {
            _rows.Rows[i].Fail(failure);
        }
    }

    private async ValueTask<FlushConnection> ConnectAsync()
    {
        if (_connection is { } connection)
        {
            return connection;
        }

        try
        {
            return _connection = await FlushConnection.OpenAsync(_source, default).ConfigureAwait(false);
        }
        catch (Exception failure) when (IsOfDatabase(failure))
        {
            _source.Clear(); // The pool may have handed out a connection to a server that has gone, and come back, since.
            return _connection = await FlushConnection.OpenAsync(_source, default).ConfigureAwait(false);
        }
    }

    private async Task CloseAsync()
    {
        var connection = _connection;
        _connection = null;
        if (connection is not null)
        {
            try
            {
                await connection.DisposeAsync().ConfigureAwait(false);
            }
            catch (Exception failure) when (IsOfDatabase(failure))
            {
                // It was lost already.
            }
        }
    }

    private static bool IsConflict(PostgresException failure) =>
        failure.SqlState is PostgresErrorCodes.UniqueViolation or PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.SerializationFailure;

    /// <summary>Anything that goes wrong while the database is asked fails the flush and not the loop: the next flush may go well.</summary>
    private static bool IsOfDatabase(Exception failure) => failure is not OutOfMemoryException;
}
