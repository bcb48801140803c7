using Microsoft.Extensions.Logging;

namespace Grid.Orleans;

/// <summary>Looks for files of batch features: for the first time before the silo serves, and then every little while.</summary>
internal sealed class FilesLifecycle(SiloCore core, ILogger<FilesLifecycle> log) : ILifecycleParticipant<ISiloLifecycle>, IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private Task _looking = Task.CompletedTask;

    public void Participate(ISiloLifecycle lifecycle)
    {
        if (!core.Files.IsNeeded)
        {
            return;
        }

        if (core.Storage is LogStorage)
        {
            // Where files are grain state, grains must be there first: whoever reads before the first look has to wait for it.
            lifecycle.Subscribe("First look at batch files", ServiceLifecycleStage.ApplicationServices, _ => core.Files.LookAsync(), _ => Task.CompletedTask);
        }

        lifecycle.Subscribe(
            nameof(FilesLifecycle),
            ServiceLifecycleStage.Active,
            _ =>
            {
                _looking = Task.Run(RunAsync, CancellationToken.None);
                return Task.CompletedTask;
            },
            async _ =>
            {
                await _stop.CancelAsync().ConfigureAwait(false);
                await _looking.ConfigureAwait(false);
            });
    }

    public void Dispose() => _stop.Dispose();

    private async Task RunAsync()
    {
        using var timer = new PeriodicTimer(core.Options.FilesLookEvery, core.Time);
        try
        {
            do
            {
                await LookAsync().ConfigureAwait(false);
            }
            while (await timer.WaitForNextTickAsync(_stop.Token).ConfigureAwait(false));
        }
        catch (OperationCanceledException)
        {
            // The silo stops.
        }
    }

    private async Task LookAsync()
    {
        try
        {
            await core.Files.LookAsync().ConfigureAwait(false);
        }
        catch (GridException e)
        {
            ClusterLog.LookFailed(log, e.Message);
        }
    }
}
