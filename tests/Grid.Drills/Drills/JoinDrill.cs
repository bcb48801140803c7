using System.Globalization;

namespace Grid.Drills;

/// <summary>One silo joins a cluster whose every entity is live elsewhere: it takes its share of them, and no call fails.</summary>
internal static class JoinDrill
{
    private static readonly TimeSpan Step = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Within = TimeSpan.FromSeconds(150);

    /// <summary>How much of an even share counts as one: the rebalancing stops short of even, so that entities do not wander to and fro.</summary>
    private const double Share = 0.6;

    /// <summary>What the callers noticed while entities moved.</summary>
    /// <exception cref="DrillException">A promise was not kept.</exception>
    public static async Task<IReadOnlyList<Disturbance>> RunAsync(DrillOptions options, TextWriter tell)
    {
        await using var stage = await Stage.SetAsync(options with { Silos = options.Silos - 1 }, tell);
        await stage.TouchAsync();
        var before = await LiveEntities.OfAsync(stage.Cluster.Silos);
        stage.Tell($"live before: {string.Join(", ", before)}");

        var at = TimeProvider.System.GetTimestamp();
        await stage.Cluster.JoinAsync();
        var live = await LiveEntities.OfAsync(stage.Cluster.Silos);
        while (before.Sum() - live[..^1].Sum() < Share * before.Sum() / live.Length && TimeProvider.System.GetElapsedTime(at) < Within)
        {
            await stage.PassAsync(Step);
            live = await LiveEntities.OfAsync(stage.Cluster.Silos);
            stage.Tell(string.Create(CultureInfo.InvariantCulture, $"    live after {TimeProvider.System.GetElapsedTime(at).TotalSeconds:0} s: {string.Join(", ", live)}"));
        }

        // What has moved is live again where it is asked for next.
        await stage.TouchAsync();
        live = await LiveEntities.OfAsync(stage.Cluster.Silos);
        stage.Tell(string.Create(CultureInfo.InvariantCulture, $"    live after {TimeProvider.System.GetElapsedTime(at).TotalSeconds:0} s, each asked once: {string.Join(", ", live)}"));
        var disturbance = await stage.SettleAsync(at);
        stage.Tell($"join: {disturbance}");
        foreach (var error in disturbance.Errors.Take(5))
        {
            stage.Tell("    " + error);
        }

        await stage.CloseAsync();
        if (live[^1] < Share * live.Average())
        {
            throw new DrillException($"The silo that joined has {live[^1]} live entities of {live.Sum()} after {Within.TotalSeconds:0} s.");
        }

        return disturbance.Disturbed == 0 ? [disturbance] : throw new DrillException($"Calls failed while a silo joined: {disturbance}. {string.Join("; ", disturbance.Errors)}");
    }
}
