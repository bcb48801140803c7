using System.Runtime.InteropServices;

namespace Grid.Engine;

/// <summary>
/// Counts those who have appended a record but not yet told every entity it concerns, in two halves: those who came before the last turn of the
/// gate and those who came after. When the first half is empty, every position given before the turn was told everywhere: an entity whose state
/// includes no later position then includes all earlier ones that concern it, and may be saved.
/// </summary>
internal sealed class DeliveryGate
{
    private const int None = -1;

    private Counters _counters;
    private int _epoch;
    private int _draining = None;
    private TaskCompletionSource? _drained;

    /// <summary>Called under the journal's lock.</summary>
    public DeliveryPass Enter()
    {
        Interlocked.Increment(ref Of(_epoch));
        return new(this, _epoch);
    }

    internal void Exit(int epoch)
    {
        if (Interlocked.Decrement(ref Of(epoch)) == 0 && Volatile.Read(ref _draining) == epoch)
        {
            _drained?.TrySetResult();
        }
    }

    /// <summary>Starts the other half; the task ends when everyone in this one has told. Called under the journal's lock, one at a time.</summary>
    public Task Turn()
    {
        var old = _epoch;
        _drained = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Interlocked.Exchange(ref _draining, old);
        _epoch = 1 - old;
        if (Interlocked.Read(ref Of(old)) == 0)
        {
            _drained.TrySetResult();
        }

        return _drained.Task;
    }

    /// <summary>Has nobody wait here any more: the journal failed.</summary>
    public void GiveUp() => _drained?.TrySetException(GridException.Unavailable("The journal failed."));

    private ref long Of(int epoch) => ref epoch == 0 ? ref _counters.First : ref _counters.Second;

    // On cache lines of their own: every shard writes them.
    [StructLayout(LayoutKind.Explicit, Size = 256)]
    private struct Counters
    {
        [FieldOffset(64)]
        public long First;

        [FieldOffset(192)]
        public long Second;
    }
}

/// <summary>Shows that somebody is counted in a gate; given back once.</summary>
internal readonly struct DeliveryPass(DeliveryGate gate, int epoch)
{
    public bool IsGiven => gate is not null;

    public void GiveBack() => gate.Exit(epoch);
}
