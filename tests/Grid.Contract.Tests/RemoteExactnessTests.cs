using Grid.Decisions.Plans;

namespace Grid.Contract.Tests;

/// <summary>The client over HTTP, against a real server on a port of its own with the embedded grid behind it.</summary>
public sealed class RemoteExactnessTests : ExactnessContract
{
    private ServedGrid? _served;

    protected override async ValueTask<IGrid> StartAsync(Bundle bundle, string data)
    {
        _served = await ServedGrid.StartAsync(bundle, data, TimeProvider.System, Cancellation);
        return _served.Client;
    }

    protected override ValueTask StopAsync() => _served!.DisposeAsync();
}
