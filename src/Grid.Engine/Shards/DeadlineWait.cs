namespace Grid.Engine;

/// <summary>Something that is to be run at its time, once.</summary>
internal sealed class DeadlineWait(Action then)
{
    private Action? _then = then;

    public bool WasDropped => Volatile.Read(ref _then) is null;

    /// <summary>It is not needed any more: what it would have run is let go of at once.</summary>
    public void Drop() => Interlocked.Exchange(ref _then, null);

    public void Run() => Interlocked.Exchange(ref _then, null)?.Invoke();
}
