namespace Grid.Drills;

/// <summary>Every silo in turn is stopped in good order and replaced by one with a changed bundle: state is kept, and no call fails after one retry.</summary>
internal static class RollDrill
{
    /// <summary>What the callers noticed of each stop.</summary>
    /// <exception cref="DrillException">A promise was not kept.</exception>
    public static async Task<IReadOnlyList<Disturbance>> RunAsync(DrillOptions options, TextWriter tell)
    {
        using var changed = ChangedBundle.Make();
        await using var stage = await Stage.SetAsync(options, tell);
        stage.Cluster.Bundle = changed.Path;
        var noticed = new List<Disturbance>();
        foreach (var silo in stage.Cluster.Silos.ToArray())
        {
            noticed.Add(await StopDrill.ReplaceAsync(stage, silo));
        }

        await stage.PassAsync(options.Calm);
        await stage.CloseAsync();

        var bundles = stage.Traffic.All.Where(payment => payment.First is not null).GroupBy(payment => payment.First!.Bundle).ToArray();
        foreach (var bundle in bundles)
        {
            stage.Tell($"    {bundle.Count()} decisions under {bundle.Key}");
        }

        if (bundles.Length != 2 || !bundles.Any(bundle => bundle.Key.Contains($"@{ChangedBundle.Version}+", StringComparison.Ordinal)))
        {
            throw new DrillException($"Decisions were made under {string.Join(", ", bundles.Select(bundle => bundle.Key))}.");
        }

        await stage.CompareAsync(ChangedBundle.Feature);
        stage.Tell($"card.{ChangedBundle.Feature}, which only the changed bundle has, counts every payment of before and after.");
        return noticed;
    }
}
