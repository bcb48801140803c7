using Grid.Postgres;

using Microsoft.Extensions.Logging;

namespace Grid.Orleans;

/// <summary>
/// Has rows told again whose owner did not get to it, and deletes rows that nobody needs any more. Every silo has one; no two take the same row.
/// </summary>
internal sealed class Sweeper(SiloCore core, LogStorage storage, ILogger log)
{
    private const int MostRows = 512;
    private static readonly TimeSpan TrimEvery = TimeSpan.FromMinutes(1);

    public async Task RunAsync(CancellationToken cancellation)
    {
        using var timer = new PeriodicTimer(core.Options.TellAgainAfter / 2, core.Time);
        var trimmed = core.Time.GetTimestamp();
        try
        {
            while (await timer.WaitForNextTickAsync(cancellation).ConfigureAwait(false))
            {
                try
                {
                    await SweepAsync(cancellation).ConfigureAwait(false);
                    if (core.Time.GetElapsedTime(trimmed) >= TrimEvery)
                    {
                        trimmed = core.Time.GetTimestamp();
                        await TrimAsync(cancellation).ConfigureAwait(false);
                    }
                }
                catch (Exception e) when (e is LogUnavailableException or GridException or OrleansException or TimeoutException)
                {
                    ClusterLog.SweepFailed(log, e.Message);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The silo stops.
        }
    }

    private async Task SweepAsync(CancellationToken cancellation)
    {
        var rows = await storage.Log.ReadUnsettledAsync(core.Options.TellAgainAfter, MostRows, cancellation).ConfigureAwait(false);
        if (rows.Count == 0)
        {
            return;
        }

        await Task.WhenAll(rows.Select(row => core.GrainOf(row.Entity).TellAgainAsync(row.Version, cancellation))).ConfigureAwait(false);
        ClusterLog.Swept(log, rows.Count);
    }

    private async Task TrimAsync(CancellationToken cancellation)
    {
        var reach = core.Bundle.Definitions.Kinds.SelectMany(kind => kind.Timelines).Select(line => line.RetentionMilliseconds).DefaultIfEmpty(0).Max();
        var retention = TimeSpan.FromMilliseconds(Math.Max(Math.Max(reach, core.Options.Retention.TotalMilliseconds), TimeSpan.FromHours(1).TotalMilliseconds));
        while (await storage.Log.TrimAsync(retention, MostRows, cancellation).ConfigureAwait(false) == MostRows)
        {
        }
    }
}
