namespace Grid.Drills;

/// <summary>Callers at work on a cluster.</summary>
internal sealed class Load : IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly Task[] _callers;

    /// <param name="asking">How they ask.</param>
    /// <param name="traffic">What they send.</param>
    /// <param name="callers">How many callers; each has one call under way at a time.</param>
    /// <param name="perSecond">How many calls a second they make together, at most.</param>
    /// <param name="seed">Draws all that is random.</param>
    /// <param name="time">What pauses are measured with.</param>
    public Load(Asking asking, Traffic traffic, int callers, double perSecond, int seed, TimeProvider time) =>
        _callers = [.. Enumerable.Range(0, callers).Select(caller => Task.Run(() =>
            new Caller(asking, traffic, TimeSpan.FromSeconds(callers / perSecond), unchecked((seed * 7_919) + caller)).RunAsync(time, _stop.Token)))];

    /// <summary>Lets every caller end the call it is at.</summary>
    /// <exception cref="DrillException">A caller saw what no caller should.</exception>
    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_callers);
    }

    /// <summary>Tells the callers to end, and does not wait for it: after a drill that failed their calls may have nobody left to answer them.</summary>
    public void Dispose()
    {
        _stop.Cancel();
        _stop.Dispose();
    }
}
