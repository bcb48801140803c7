using Microsoft.Extensions.Logging;

namespace Grid.Orleans;

/// <summary>Makes the tables that Orleans' ADO.NET providers need, before any of them reads one.</summary>
internal sealed class TablesLifecycle(GridClusterOptions options) : ILifecycleParticipant<ISiloLifecycle>
{
    public void Participate(ISiloLifecycle lifecycle) => lifecycle.Subscribe(
        nameof(TablesLifecycle), ServiceLifecycleStage.First, cancellation => ClusterTables.CreateAsync(options.ConnectionString, cancellation), _ => Task.CompletedTask);
}

/// <summary>Opens the storage before entities need it, sweeps while the silo is at work, and closes the storage after the last entity has left.</summary>
internal sealed class StorageLifecycle(IGridStorage storage, SiloCore core, ILogger<StorageLifecycle> log) : ILifecycleParticipant<ISiloLifecycle>, IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private Task _sweeping = Task.CompletedTask;

    public void Participate(ISiloLifecycle lifecycle)
    {
        lifecycle.Subscribe(nameof(StorageLifecycle), ServiceLifecycleStage.RuntimeStorageServices, storage.StartAsync, _ => storage.StopAsync());
        lifecycle.Subscribe("Sweeper", ServiceLifecycleStage.Active, StartSweepingAsync, StopSweepingAsync);
    }

    public void Dispose() => _stop.Dispose();

    private Task StartSweepingAsync(CancellationToken cancellation)
    {
        if (storage is LogStorage logged)
        {
            _sweeping = Task.WhenAll(
                Task.Run(() => new Sweeper(core, logged, log).RunAsync(_stop.Token), CancellationToken.None),
                Task.Run(WriteDownAsync, CancellationToken.None));
        }

        return Task.CompletedTask;
    }

    /// <summary>Has entities write down what they have heard, before the sweeper would take it for something that they have not.</summary>
    private async Task WriteDownAsync()
    {
        using var timer = new PeriodicTimer(core.Options.TellAgainAfter / 8, core.Time);
        try
        {
            while (await timer.WaitForNextTickAsync(_stop.Token).ConfigureAwait(false))
            {
                core.Unwritten.WriteDown(core.Options.TellAgainAfter / 2);
            }
        }
        catch (OperationCanceledException)
        {
            // The silo stops: each entity writes it down as it leaves.
        }
    }

    private async Task StopSweepingAsync(CancellationToken cancellation)
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _sweeping.ConfigureAwait(false);
    }
}
