namespace Grid.Engine;

/// <summary>The journal's thread: takes what has come in, writes it, tells those who wait, and rests when there is nothing.</summary>
internal sealed class JournalLoop
{
    private const int MaxFetchMilliseconds = 2;

    private readonly JournalWriteQueue _intake;
    private readonly JournalWriter _writer;
    private readonly JournalFailure _failure;
    private readonly Completions _completions;
    private readonly EngineMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly WorkBudget _ration = new();
    private readonly Thread _thread;
    private volatile bool _abandoned;

    public JournalLoop(JournalWriteQueue intake, JournalWriter writer, JournalFailure failure, EngineCore core)
    {
        (_intake, _writer, _failure) = (intake, writer, failure);
        (_completions, _metrics, _time) = (core.Completions, core.Metrics, core.Time);
        _thread = new(Run) { Name = "grid journal", IsBackground = true };
    }

    public void Start() => _thread.Start();

    /// <summary>Has the thread leave what is not written yet.</summary>
    public void Abandon() => _abandoned = true;

    /// <summary>Waits for the end, after the intake was stopped.</summary>
    public void Join()
    {
        if (_thread.ThreadState != System.Threading.ThreadState.Unstarted)
        {
            _thread.Join();
        }
    }

    private void Run()
    {
        while (!_abandoned)
        {
            _completions.WaitUntilTakenUp(MaxFetchMilliseconds);
            var batch = _intake.Take(out var stop);
            if (batch is null && !_intake.HasWork)
            {
                if (stop)
                {
                    return;
                }

                _intake.Rest();
                continue;
            }

            Commit(batch);
        }

        _intake.Drop(GridException.Unavailable("The grid was stopped."));
    }

    private void Commit(WriteBatch? batch)
    {
        var works = TakeWork(batch);
        Exception? failure = null;
        var started = _time.GetTimestamp();
        if (batch is null or { Count: > 0 } || works.Count > 0)
        {
            failure = _writer.TryWrite(batch, works);
        }

        if (failure is not null)
        {
            var told = GridException.Unavailable($"The journal could not be written: {failure.Message} Nothing was changed; asking again later may do.", failure);
            _failure.FailWrite(told, batch, works);
            return;
        }

        if (batch is { Count: > 0 })
        {
            _metrics.Committed(_time.GetElapsedTime(started), batch.Count, batch.Length);
        }

        if (batch is not null)
        {
            _intake.Committed(batch);
        }

        foreach (var work in works)
        {
            work.Done(null);
        }
    }

    private List<IJournalWork> TakeWork(WriteBatch? batch)
    {
        var most = _ration.Next(batch?.FirstWaiter is not null);
        var works = new List<IJournalWork>();
        while (works.Count < most && _intake.TryTakeWork(out var work))
        {
            works.Add(work);
        }

        return works;
    }
}
