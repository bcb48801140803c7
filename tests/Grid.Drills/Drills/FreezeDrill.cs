using System.Globalization;

namespace Grid.Drills;

/// <summary>
/// A silo is stopped by SIGSTOP, as a stalled machine would be: its connections stay open and it answers nothing. The others take its entities over. When it
/// goes on it finds that it was declared dead, ends by itself, and what it still had under way is fenced off.
/// </summary>
internal static class FreezeDrill
{
    private static readonly TimeSpan Frozen = TimeSpan.FromSeconds(12);

    /// <summary>What the callers noticed of each freeze.</summary>
    /// <exception cref="DrillException">A promise was not kept, the time until the service was back aside: that is told.</exception>
    public static async Task<IReadOnlyList<Disturbance>> RunAsync(DrillOptions options, TextWriter tell)
    {
        await using var stage = await Stage.SetAsync(options, tell);
        var noticed = new List<Disturbance>();
        for (var freeze = 1; freeze <= options.Times; freeze++)
        {
            var victim = stage.Cluster.Silos[stage.Random.Next(stage.Cluster.Silos.Count)];
            var at = TimeProvider.System.GetTimestamp();
            victim.Freeze();
            await stage.PassAsync(TimeSpan.FromSeconds(6));
            stage.Cluster.Doors.Close(victim); // A readiness probe has failed by now, and its address is taken out.
            await stage.PassAsync(Frozen - TimeProvider.System.GetElapsedTime(at));
            var thawed = TimeProvider.System.GetTimestamp();
            var disturbance = Disturbance.Of(stage.Log, at, thawed);
            noticed.Add(disturbance);
            stage.Tell(string.Create(CultureInfo.InvariantCulture, $"freeze {freeze} ({victim.Name}): {disturbance}"));
            foreach (var error in disturbance.Errors.Take(5))
            {
                stage.Tell("    " + error);
            }

            victim.Thaw();
            await victim.EndsAsync(DrillLimit.Time);
            var after = await stage.SettleAsync(thawed);
            stage.Tell(string.Create(CultureInfo.InvariantCulture, $"    thawed after {Frozen.TotalSeconds:0} s, it ended by itself: {after}"));
            stage.Cluster.Leave(victim);
            await stage.Cluster.JoinAsync();
            await stage.Cluster.MendAsync();
            await stage.PassAsync(options.Calm);
        }

        await stage.CloseAsync();
        return noticed;
    }
}
