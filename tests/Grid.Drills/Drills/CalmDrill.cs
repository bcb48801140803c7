namespace Grid.Drills;

/// <summary>Nothing is done to the cluster: what the callers notice then is the machine's own unrest, to compare the other drills with.</summary>
internal static class CalmDrill
{
    /// <summary>What the callers noticed, ten seconds at a time.</summary>
    /// <exception cref="DrillException">A promise was not kept.</exception>
    public static async Task<IReadOnlyList<Disturbance>> RunAsync(DrillOptions options, TextWriter tell)
    {
        await using var stage = await Stage.SetAsync(options, tell);
        var noticed = new List<Disturbance>();
        for (var time = 1; time <= options.Times; time++)
        {
            var from = TimeProvider.System.GetTimestamp();
            await stage.PassAsync(TimeSpan.FromSeconds(10));
            var disturbance = Disturbance.Of(stage.Log, from, TimeProvider.System.GetTimestamp());
            noticed.Add(disturbance);
            stage.Tell($"calm {time}: {disturbance}");
        }

        await stage.CloseAsync();
        return noticed;
    }
}
