using Grid.Decisions.Plans;

namespace Grid.Contract.Tests;

/// <summary>The client loads batch features over HTTP, with the embedded grid behind a real server.</summary>
public sealed class RemoteBatchTests : BatchContract
{
    private ServedGrid? _served;

    protected override async ValueTask<IGrid> StartAsync(Bundle bundle, string data)
    {
        _served = await ServedGrid.StartAsync(bundle, data, Time, Cancellation);
        return _served.Client;
    }

    protected override ValueTask StopAsync() => _served!.DisposeAsync();
}
