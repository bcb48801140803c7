using System.Diagnostics;

namespace Grid.Engine;

/// <summary>The journal's thread: takes what has come in, writes it, tells those who wait, and rests when there is nothing.</summary>
internal sealed class JournalLoop
{
    private const int MostGatherMilliseconds = 2;

    private readonly JournalIntake _intake;
    private readonly JournalWriter _writer;
    private readonly JournalFailure _failure;
    private readonly Completions _completions;
    private readonly EngineMetrics _metrics;
    private readonly WorkRation _ration = new();
    private readonly Thread _thread;
    private volatile bool _abandoned;

    public JournalLoop(JournalIntake intake, JournalWriter writer, JournalFailure failure, Completions completions, EngineMetrics metrics)
    {
        (_intake, _writer, _failure, _completions, _metrics) = (intake, writer, failure, completions, metrics);
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
            _completions.WaitUntilTakenUp(MostGatherMilliseconds);
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

    private void Commit(OpenBatch? batch)
    {
        var works = TakeWork(batch);
        Exception? failure = null;
        var started = Stopwatch.GetTimestamp();
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
            _metrics.Committed(Stopwatch.GetElapsedTime(started), batch.Count, batch.Length);
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

    private List<IJournalWork> TakeWork(OpenBatch? batch)
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
