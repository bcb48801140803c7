namespace Grid.Simulation.Eats;

/// <summary>What is to happen, in the order of its moments; at one moment in the order in which it was planned. Moments are Unix milliseconds.</summary>
internal sealed class CityAgenda(long start)
{
    private readonly PriorityQueue<Action, (long At, long Number)> _steps = new();
    private long _planned;

    /// <summary>The moment of the step that runs.</summary>
    public long Now { get; private set; } = start;

    public void At(long moment, Action step) => _steps.Enqueue(step, (Math.Max(moment, Now), _planned++));

    public void In(double seconds, Action step) => At(Now + (long)(1000 * seconds), step);

    /// <summary>Runs the next step; false where none is left before the end.</summary>
    public bool TryRun(long end)
    {
        if (!_steps.TryPeek(out _, out var next) || next.At >= end)
        {
            return false;
        }

        Now = next.At;
        _steps.Dequeue()();
        return true;
    }
}
