namespace Grid.Drills;

/// <summary>What every drill plays on: a cluster, callers at work on it, and the accounts at the end.</summary>
internal sealed class Stage : IAsyncDisposable
{
    private readonly Load _load;
    private readonly Asking _asking;
    private readonly TextWriter _tell;

    private Stage(SiloCluster cluster, DrillOptions options, TextWriter tell)
    {
        (Cluster, Options) = (cluster, options);
        (Random, _tell) = (new(options.Seed), tell);
        var day = (TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds() / Traffic.Day * Traffic.Day) - (20 * Traffic.Day);
        Traffic = new(options.Cards, options.Terminals, EventTime.FromUnixMilliseconds(day));
        _asking = new(cluster.Doors, Log, TimeProvider.System);
        _load = new(_asking, Traffic, options.Callers, options.CallsPerSecond, options.Seed, TimeProvider.System);
    }

    public SiloCluster Cluster { get; }

    public DrillOptions Options { get; }

    public Random Random { get; }

    public CallLog Log { get; } = new();

    public Traffic Traffic { get; }

    /// <summary>Starts a cluster and the callers, and lets them work for a while, until everything is warm.</summary>
    public static async Task<Stage> SetAsync(DrillOptions options, TextWriter tell)
    {
        tell.WriteLine($"Seed {options.Seed}; again with --seed {options.Seed}.");
        var stage = new Stage(await SiloCluster.StartAsync(options), options, tell);
        try
        {
            await stage.PassAsync(options.WarmUp);
        }
        catch
        {
            await stage.DisposeAsync();
            throw;
        }

        stage.Tell($"{options.Silos} silos, {options.Callers} callers, at most {options.CallsPerSecond} calls a second; {stage.Log.Count} calls to warm up");
        return stage;
    }

    public void Tell(string line) => _tell.WriteLine(line);

    /// <summary>Lets the load run until so many more calls are answered.</summary>
    /// <exception cref="DrillException">A caller saw what no caller should.</exception>
    public async Task PassAsync(int calls)
    {
        var enough = Log.Count + calls;
        await Log.WhenAsync(() => Log.Count >= enough);
        Check();
    }

    /// <summary>Lets the load run for a while, in drills that are about how long something takes.</summary>
    /// <exception cref="DrillException">A caller saw what no caller should.</exception>
    public async Task PassAsync(TimeSpan time)
    {
        await Task.Delay(time > TimeSpan.Zero ? time : TimeSpan.Zero, TimeProvider.System);
        Check();
    }

    /// <summary>Lets the load run until nothing disturbs it any more, and tells what it noticed since <paramref name="from"/>.</summary>
    /// <param name="from">The moment of the deed.</param>
    public async Task<Disturbance> SettleAsync(long from)
    {
        var calm = Log.Count + Options.Calm;
        await Log.WhenAsync(() => Log.Count >= calm && Log.Undisturbed >= Options.Calm && Log.OldestUnderWay > from);
        Check();
        return Disturbance.Of(Log, from, TimeProvider.System.GetTimestamp());
    }

    /// <summary>Ends the load and reads everything back.</summary>
    /// <exception cref="DrillException">A promise was not kept.</exception>
    public async Task CloseAsync()
    {
        await _load.StopAsync();
        await Cluster.MendAsync();
        foreach (var loss in Cluster.Losses)
        {
            Tell("    " + loss + ".");
        }

        Check();
        Tell("Accounts: " + await new Audit(_asking, Traffic).RunAsync() + ".");
    }

    /// <summary>Reads every entity once, so that each is live somewhere.</summary>
    public Task TouchAsync() => new Audit(_asking, Traffic).TouchAsync();

    /// <summary>Compares one more count of every card, whose window holds all payments, with what the callers know.</summary>
    /// <exception cref="DrillException">It is not the same.</exception>
    public Task CompareAsync(string feature) => new Audit(_asking, Traffic).CompareAsync(feature);

    public async ValueTask DisposeAsync()
    {
        _load.Dispose();
        await Cluster.DisposeAsync();
    }

    private void Check()
    {
        if (Log.Faults.Count > 0)
        {
            throw new DrillException($"{Log.Faults.Count} answers that no caller should see:\n  {string.Join("\n  ", Log.Faults.Take(20))}");
        }
    }
}
