using System.Globalization;

namespace Grid.Drills;

/// <summary>
/// <c>kill -9</c> of one silo, and again of another: every acknowledged event is counted exactly once, no decision is made on half a turn, callers see at most an
/// error after which asking again is right, and the service is back soon.
/// </summary>
internal static class KillDrill
{
    /// <summary>What the callers noticed of each kill.</summary>
    /// <exception cref="DrillException">A promise was not kept, the time until the service was back aside: that is told.</exception>
    public static async Task<IReadOnlyList<Disturbance>> RunAsync(DrillOptions options, TextWriter tell)
    {
        await using var stage = await Stage.SetAsync(options, tell);
        var noticed = new List<Disturbance>();
        for (var kill = 1; kill <= options.Times; kill++)
        {
            // Any but the newest: "and again another".
            var victim = stage.Cluster.Silos[stage.Random.Next(stage.Cluster.Silos.Count - (kill == 1 ? 0 : 1))];
            var at = TimeProvider.System.GetTimestamp();
            victim.Kill();
            var disturbance = await stage.SettleAsync(at);
            noticed.Add(disturbance);
            stage.Tell(string.Create(CultureInfo.InvariantCulture, $"kill {kill} ({victim.Name}): {disturbance}"));
            foreach (var error in disturbance.Errors.Take(5))
            {
                stage.Tell("    " + error);
            }

            stage.Cluster.Leave(victim);
            await stage.Cluster.JoinAsync();
            await stage.Cluster.MendAsync();

            // The next one comes at a random point of the work.
            await stage.PassAsync(stage.Random.Next(options.Calm / 2, options.Calm * 3 / 2));
        }

        await stage.CloseAsync();
        return noticed;
    }
}
