using Grid.Features.State;

using Microsoft.Data.Sqlite;

namespace Grid.Engine;

/// <summary>What an embedded grid does besides answering calls: opening, beating, saving, coming back after a failed write, closing.</summary>
internal sealed class EngineLife : IAsyncDisposable
{
    private readonly EngineCore _core;
    private readonly DataFolder _folder;
    private readonly JournalDatabase _database;
    private readonly CheckpointThrottle _pace;
    private readonly Checkpointer _checkpointer;
    private readonly SemaphoreSlim _saving = new(1);
    private readonly CancellationTokenSource _stop = new();
    private readonly long _started;
    private ITimer? _flushBeat;
    private Task _loop = Task.CompletedTask;
    private Task _recovering = Task.CompletedTask;

    private EngineLife(EngineCore core, DataFolder folder, JournalDatabase database)
    {
        (_core, _folder, _database, _started) = (core, folder, database, core.Time.GetTimestamp());
        var reach = core.Bundle.Definitions.Kinds.SelectMany(kind => kind.Timelines).Select(line => line.RetentionMilliseconds).DefaultIfEmpty(0).Max();
        _pace = new(core);
        _checkpointer = new(core, _pace, Math.Max(reach, (long)core.Options.Retention.TotalMilliseconds));
    }

    public static EngineLife Open(EngineCore core)
    {
        var folder = DataFolder.Take(core.Options.Folder);
        JournalDatabase? database = null;
        DurableWatermark? mark = null;
        try
        {
            database = JournalDatabase.Open(folder.Database, core.Options.MaxPages);
            mark = new DurableWatermark(folder.Mark);
            var life = new EngineLife(core, folder, database);
            life.Recover(mark);
            life.Start();
            return life;
        }
        catch (Exception e)
        {
            mark?.Dispose();
            database?.Dispose();
            core.Readers?.Dispose();
            folder.Dispose();
            throw e switch
            {
                SqliteException sqlite => JournalDatabase.Translate(folder.Database, sqlite),
                IOException or UnauthorizedAccessException => new JournalException($"The data folder '{folder.Path}' cannot be used: {e.Message}", e),
                _ => Rethrown(e),
            };
        }

        static Exception Rethrown(Exception e)
        {
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(e);
            return e;
        }
    }

    /// <summary>Makes a checkpoint that somebody waits for: without rest.</summary>
    public async Task CheckpointAsync()
    {
        _pace.Hurry();
        try
        {
            await SaveAsync().ConfigureAwait(false);
        }
        finally
        {
            _pace.Calm();
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_stop.IsCancellationRequested)
        {
            return;
        }

        await StopLoopsAsync().ConfigureAwait(false);
        try
        {
            if (!_core.Journal.HasFailed)
            {
                await CheckpointAsync().ConfigureAwait(false);
            }
        }
        catch (Exception e)
        {
            EngineLog.CheckpointFailed(_core.Log, e.Message);
        }

        // Readers first: the last connection to leave takes the write-ahead log along, and it must be one that may write.
        _core.Readers.Dispose();
        _core.Journal.Dispose();
        await FreeAsync().ConfigureAwait(false);
    }

    public void Abandon()
    {
        if (!_stop.IsCancellationRequested)
        {
            StopLoopsAsync().GetAwaiter().GetResult();
            _core.Readers.Dispose();
            _core.Journal.Abandon();
            FreeAsync().GetAwaiter().GetResult();
        }
    }

    public void Run(string text)
    {
        lock (_database)
        {
            _database.Run(text);
        }
    }

    private void Recover(DurableWatermark mark)
    {
        var started = _core.Time.GetTimestamp();
        _core.Readers = new(_folder.Database);
        var schema = _database.IdOf(_core.Schema);
        var reader = _core.Readers.Take();
        _core.TakeSchemas(reader.ReadSchemas(), schema);
        _core.Readers.Give(reader);

        var marked = mark.Read();
        var newest = Recovery.CheckEnd(_database, _core.Readers, marked, _core.Options.CutCorruptTail);
        if ((newest?.Last ?? 0) < marked)
        {
            EngineLog.TailCut(_core.Log, _folder.Database, newest?.Last ?? 0, marked);
            mark.Write(newest?.Last ?? 0);
        }

        _core.Journal = new(_database, mark, _core, schema, newest, FirstPosition(newest?.Last ?? 0));
        StoredFiles.Load(_database, _core);
        _core.MakeShards();
        var recovery = ReadTail();
        var elapsed = (long)_core.Time.GetElapsedTime(started).TotalMilliseconds;
        EngineLog.Opened(_core.Log, _folder.Path, _core.Journal.Committed, recovery.Records, _core.Tail.Count, elapsed);
    }

    /// <summary>Each start gives out positions of a range of its own, whatever an earlier one may have given out and lost.</summary>
    private long FirstPosition(long last)
    {
        const string Meta = "range";
        var range = Math.Max(last == 0 ? -1 : last / Journal.Gap, _database.ReadMeta(Meta) ?? -1) + 1;
        _database.WriteMeta(Meta, range);
        return Math.Max(1, range * Journal.Gap);
    }

    /// <summary>Notes what lies beyond the last checkpoint, or makes all entities anew. Called while nothing else uses the database.</summary>
    private Recovery ReadTail()
    {
        var started = _core.Time.GetTimestamp();
        var layout = StateLayout.Fingerprint(_core.Bundle.Definitions);
        var kept = _database.ReadMetaText(Recovery.LayoutMeta);
        var rebuild = kept is not null && kept != layout;
        if (rebuild)
        {
            _database.Run("DELETE FROM snapshots");
        }
        else if (kept is null)
        {
            _database.WriteMeta(Recovery.LayoutMeta, layout);
        }

        _core.HasSnapshots = !rebuild && _database.Has("snapshots");
        if (!_database.Has("ids"))
        {
            _core.StoredIds.SetEmpty();
        }

        _core.Ids.Clear();
        _core.Tail.Clear();
        var recovery = new Recovery(_core, _folder.Database);
        recovery.Run(_database.ReadMeta(Recovery.TailMeta) ?? 0, rebuild);
        if (rebuild)
        {
            EngineLog.Rebuilt(_core.Log, (long)_core.Time.GetElapsedTime(started).TotalMilliseconds);
        }

        return recovery;
    }

    private void Start()
    {
        _core.Metrics.Observe(_core.Residents, () => _core.Calls, _core.ResidentBytes);
        _core.Journal.Failing = failure =>
        {
            _core.SetAvailable(failure.Message);
            _core.NextGeneration();
        };
        _core.Journal.Failed = failure => _recovering = Task.Run(() => RecoverAsync(failure));
        _core.Journal.Start();
        _flushBeat = _core.Time.CreateTimer(_ => _core.Journal.Flush(), null, _core.Options.FlushEvery, _core.Options.FlushEvery);
        _core.StartForgottenLabels();
        _loop = Task.Run(BeatAsync);
    }

    private async Task BeatAsync()
    {
        await ReadStoredIdsAsync().ConfigureAwait(false);
        var beat = TimeSpan.FromMilliseconds(Math.Min(1000, _core.Options.CheckpointEvery.TotalMilliseconds));
        var last = _core.Time.GetTimestamp(); // Before the timer: a checkpoint is due at the beat that ends its time, not at the one after.
        using var timer = new PeriodicTimer(beat, _core.Time);
        try
        {
            while (await timer.WaitForNextTickAsync(_stop.Token).ConfigureAwait(false))
            {
                _core.SetCoarseTime(_core.Time.GetElapsedTime(_started));
                if (_pace.IsCrowded || _core.Time.GetElapsedTime(last) >= _core.Options.CheckpointEvery)
                {
                    await TryCheckpointAsync().ConfigureAwait(false);
                    last = _core.Time.GetTimestamp();
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The grid is being stopped.
        }
    }

    /// <summary>Reads which ids are on disk, so that a new id need not be looked for there.</summary>
    private async Task ReadStoredIdsAsync()
    {
        try
        {
            for (var stripe = 0; stripe < IdIndex.Stripes && !_stop.IsCancellationRequested; stripe++)
            {
                await _saving.WaitAsync().ConfigureAwait(false);
                try
                {
                    _checkpointer.ReadIds(stripe);
                }
                finally
                {
                    _saving.Release();
                }
            }
        }
        catch (JournalException e)
        {
            EngineLog.CheckpointFailed(_core.Log, e.Message); // Each checkpoint tries again; meanwhile ids are looked for on disk.
        }
    }

    private async Task SaveAsync()
    {
        await _saving.WaitAsync().ConfigureAwait(false);
        try
        {
            var started = _core.Time.GetTimestamp();
            await _checkpointer.RunAsync(putAway: true).ConfigureAwait(false);
            EngineLog.Checkpointed(_core.Log, _core.Residents(), (long)_core.Time.GetElapsedTime(started).TotalMilliseconds);
        }
        finally
        {
            _saving.Release();
        }
    }

    private async Task TryCheckpointAsync()
    {
        try
        {
            if (_core.Unavailable is null)
            {
                await SaveAsync().ConfigureAwait(false);
            }
        }
        catch (Exception e)
        {
            // What can be done about it is done by those who write: a failed write has its own way back.
            EngineLog.CheckpointFailed(_core.Log, e.Message);
        }
    }

    /// <summary>
    /// After a failed write memory holds what the disk does not. It is dropped whole, which is the simplest way that is surely right, and read
    /// again once the disk takes work.
    /// </summary>
    private async Task RecoverAsync(Exception failure)
    {
        _core.Metrics.JournalFailed();
        EngineLog.Unavailable(_core.Log, failure.Message, failure);
        foreach (var shard in _core.Shards)
        {
            await ShardTask.RunAsync(shard, static on =>
            {
                on.ForgetOnShard();
                return false;
            }).ConfigureAwait(false);
        }

        _core.Copies.Clear(); // They may tell of what is lost now.
        while (!TryResume())
        {
            try
            {
                await Task.Delay(_core.Options.RetryAfter, _core.Time, _stop.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }

        _core.Journal.Reopen();
        _core.StartForgottenLabels();
        if (!_stop.IsCancellationRequested)
        {
            _core.SetAvailable(null);
            EngineLog.Available(_core.Log);
        }
    }

    private bool TryResume()
    {
        try
        {
            lock (_database)
            {
                _core.Journal.Resume();
                ReadTail();
            }

            return true;
        }
        catch (Exception e) when (e is SqliteException or JournalException or IOException)
        {
            _core.SetAvailable($"The journal could not be written: {e.Message}");
            return false;
        }
    }

    private async Task StopLoopsAsync()
    {
        _pace.Hurry(); // For good: nobody is to wait for a rest.
        await _stop.CancelAsync().ConfigureAwait(false);
        _flushBeat?.Dispose();
        await _loop.ConfigureAwait(false);
        await _recovering.ConfigureAwait(false);
    }

    private async Task FreeAsync()
    {
        _core.NextGeneration(); // Who comes late finds nothing to touch any more.
        foreach (var shard in _core.Shards)
        {
            await ShardTask.RunAsync(shard, static on =>
            {
                on.Dispose();
                return false;
            }).ConfigureAwait(false);
        }

        _core.Files.Dispose();
        _folder.Dispose();
        _stop.Dispose();
        _saving.Dispose();
    }
}
