using Grid.Postgres;

using Microsoft.Extensions.Logging;

namespace Grid.Orleans;

/// <summary>
/// Has entities look into their inboxes whom a row's owner did not reach, and deletes rows that nobody needs any more. Every silo has one; that two have the same entity
/// look does no harm.
/// </summary>
internal sealed class Sweeper(SiloCore core, LogStorage storage, ILogger log)
{
    private const int MostEntities = 512;
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
        var owners = await storage.Log.ReadUnheardAsync(core.Options.TellAgainAfter, MostEntities, cancellation).ConfigureAwait(false);
        if (owners.Count == 0)
        {
            return;
        }

        await Task.WhenAll(owners.Select(owner => core.PeerOf(owner).HearInboxAsync(cancellation))).ConfigureAwait(false);
        ClusterLog.Swept(log, owners.Count);
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
