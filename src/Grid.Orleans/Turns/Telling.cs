using Grid.Decisions.Records;
using Grid.Postgres;

namespace Grid.Orleans;

/// <summary>
/// Tells other entities of one entity's rows, as long as that lives in this silo. Whom it does not reach at once is told in the background, until all have heard; when the
/// entity leaves, its next activation or the sweeper goes on, for a row's mark stays until all have heard.
/// </summary>
internal sealed class Telling(SiloCore core, EntityId id, IEntityRows rows)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    private readonly Lock _lock = new();
    private readonly Dictionary<long, TaskCompletionSource> _untold = [];

    /// <summary>Notes that others must be told of a row.</summary>
    /// <returns>False where that is known.</returns>
    public bool TryBegin(long version)
    {
        lock (_lock)
        {
            return _untold.TryAdd(version, new(TaskCreationOptions.RunContinuationsAsynchronously));
        }
    }

    /// <summary>Ends all telling: the entity's state leaves memory.</summary>
    public void Forget()
    {
        lock (_lock)
        {
            foreach (var untold in _untold.Values)
            {
                untold.TrySetResult();
            }

            _untold.Clear();
        }
    }

    /// <summary>Tells others of a row that is stored.</summary>
    public async Task TellStoredAsync(LogEntry stored)
    {
        try
        {
            var record = new JournalRecord();
            List<Told> told = [];
            RowBody.Read(stored.Body, stored.Version, await core.Schemas.MapOfAsync(stored.Body, CancellationToken.None).ConfigureAwait(false), record);
            core.ConcernedBy(record, told);
            var others = told.Select(one => new EntityId(core.KindName(one.Kind), one.Key)).Where(one => one != id).ToList();
            await TellAsync(stored.Version, stored.Body, others, record.Kind is RecordKind.Label ? record.Target.Position : 0).ConfigureAwait(false);
        }
        catch (Exception e) when (e is InvalidDataException or LogUnavailableException)
        {
            ClusterLog.TellFailed(core.Log, "those it concerns", stored.Version, id, e.Message);
            lock (_lock)
            {
                _untold.Remove(stored.Version); // The sweeper's, from here on.
            }
        }
    }

    /// <summary>Tells others of a row; returns when they have heard, or when one could not be reached.</summary>
    /// <param name="version">The row's version.</param>
    /// <param name="body">The row.</param>
    /// <param name="others">Whom it concerns.</param>
    /// <param name="after">The version of a row that must be told before it: the event that a label amends; 0 of none.</param>
    public async Task TellAsync(long version, ReadOnlyMemory<byte> body, List<EntityId> others, long after)
    {
        var heard = new Heard(id, version, body);
        var (own, before) = (Of(version), Of(after));
        if (before is null || before.IsCompleted || await EndsSoonAsync(before).ConfigureAwait(false))
        {
            others = await TellOnceAsync(heard, others).ConfigureAwait(false);
        }

        if (others.Count == 0)
        {
            Settle(version);
        }
        else if (own is not null)
        {
            _ = TellLaterAsync(heard, others, before, own);
        }
    }

    private async Task TellLaterAsync(Heard heard, List<EntityId> others, Task? before, Task own)
    {
        await (before ?? Task.CompletedTask).ConfigureAwait(false);
        for (var pause = FirstPause; others.Count > 0; pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
        {
            await Task.Delay(pause, core.Time).ConfigureAwait(false);
            if (own.IsCompleted)
            {
                return; // The entity has left.
            }

            others = await TellOnceAsync(heard, others).ConfigureAwait(false);
        }

        Settle(heard.Version);
    }

    private async Task<List<EntityId>> TellOnceAsync(Heard heard, List<EntityId> others)
    {
        List<EntityId> timedOut = [];
        var tells = others.ConvertAll(other => core.TellAsync(other, heard));
        for (var i = 0; i < tells.Count; i++)
        {
            try
            {
                await tells[i].ConfigureAwait(false);
                core.Metrics.Delivered();
            }
            catch (Exception e)
            {
                timedOut.Add(others[i]);
                core.Metrics.DeliveryFailed();
                ClusterLog.TellFailed(core.Log, others[i].ToString(), heard.Version, id, e.Message);
            }
        }

        return timedOut;
    }

    private async Task<bool> EndsSoonAsync(Task task)
    {
        using var enough = new CancellationTokenSource();
        var pause = Task.Delay(FirstPause, core.Time, enough.Token);
        var ended = await Task.WhenAny(task, pause).ConfigureAwait(false) == task;
        await enough.CancelAsync().ConfigureAwait(false);
        return ended;
    }

    private Task? Of(long version)
    {
        lock (_lock)
        {
            return _untold.TryGetValue(version, out var untold) ? untold.Task : null;
        }
    }

    private void Settle(long version)
    {
        lock (_lock)
        {
            if (_untold.Remove(version, out var untold))
            {
                untold.TrySetResult();
            }
        }

        rows.Settle(version);
    }
}
