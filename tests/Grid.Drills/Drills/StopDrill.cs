using System.Globalization;

namespace Grid.Drills;

/// <summary>A silo is stopped in good order (SIGTERM) and another is started in its place: no call fails after one retry.</summary>
internal static class StopDrill
{
    /// <summary>What the callers noticed of each stop and of the silo that joined after it.</summary>
    /// <exception cref="DrillException">A promise was not kept.</exception>
    public static async Task<IReadOnlyList<Disturbance>> RunAsync(DrillOptions options, TextWriter tell)
    {
        await using var stage = await Stage.SetAsync(options, tell);
        var noticed = new List<Disturbance>();
        for (var stop = 1; stop <= options.Times; stop++)
        {
            noticed.Add(await ReplaceAsync(stage, stage.Cluster.Silos[stage.Random.Next(stage.Cluster.Silos.Count)]));
        }

        await stage.CloseAsync();
        return noticed;
    }

    /// <summary>Stops a silo in good order, looks at what that does, and starts another in its place.</summary>
    public static async Task<Disturbance> ReplaceAsync(Stage stage, SiloProcess silo)
    {
        var at = TimeProvider.System.GetTimestamp();
        silo.Terminate();
        await silo.EndsAsync(DrillLimit.Time);
        var took = TimeProvider.System.GetElapsedTime(at);
        var stopped = await stage.SettleAsync(at);
        stage.Tell(string.Create(CultureInfo.InvariantCulture, $"stop of {silo.Name}, ended with code {silo.ExitCode} after {took.TotalSeconds:0.00} s: {stopped}"));
        foreach (var error in stopped.Errors.Take(5))
        {
            stage.Tell("    " + error);
        }

        stage.Cluster.Leave(silo);
        var joins = TimeProvider.System.GetTimestamp();
        await stage.Cluster.JoinAsync();
        var joined = await stage.SettleAsync(joins);
        stage.Tell(string.Create(CultureInfo.InvariantCulture, $"    {stage.Cluster.Silos[^1].Name} joins: {joined}"));
        if (silo.ExitCode != 0)
        {
            throw new DrillException($"Silo {silo.Name} was stopped in good order and ended with code {silo.ExitCode}:\n{silo.Output}");
        }

        if (stage.Cluster.Losses.Count > 0)
        {
            throw new DrillException($"A silo was lost: {string.Join("; ", stage.Cluster.Losses)}.");
        }

        // A load balancer would have closed the door of a silo that stops before it stops: callers that meet it there ask another.
        if (Math.Max(stopped.MostFailed, joined.MostFailed) > stage.Options.MaxFailedAttempts)
        {
            throw new DrillException($"A call failed more than {stage.Options.MaxFailedAttempts} attempts. Stop: {stopped}. Join: {joined}. {string.Join("; ", stopped.Errors.Concat(joined.Errors))}");
        }

        return stopped;
    }
}
