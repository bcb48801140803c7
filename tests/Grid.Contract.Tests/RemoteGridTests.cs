using Grid.Client;
using Grid.Decisions.Definitions;
using Grid.Testing;

namespace Grid.Contract.Tests;

/// <summary>The client over HTTP, against a real server on a port of its own with the embedded grid behind it.</summary>
public sealed class RemoteGridTests : GridContract
{
    private readonly string _folder = Directory.CreateTempSubdirectory("grid-remote-").FullName;
    private ServedGrid? _served;

    protected override async ValueTask<IGrid> StartAsync()
    {
        _served = await ServedGrid.StartAsync(BundleReader.Read(Repository.Bundle("fraud")), _folder, TimeProvider.System, Cancellation);
        return _served.Client;
    }

    protected override async ValueTask StopAsync()
    {
        if (_served is not null)
        {
            await _served.DisposeAsync();
        }

        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Many_events_go_in_few_requests_and_each_rejection_keeps_its_line()
    {
        using var client = await GridClient.ConnectAsync(_served!.Address, new() { EventsPerRequest = 7 }, Cancellation);
        var noon = EventTime.FromUnixMilliseconds(1_530_000_000_000);
        var events = Enumerable.Range(1, 20).Select(i => new Event("transaction")
        {
            ["transaction_id"] = $"many-{(i == 20 ? 19 : i)}",
            ["at"] = noon,
            ["card"] = "../é /?%",
            ["terminal"] = ".x",
            ["amount"] = i is 3 or 17 ? -1 : 5,
        });

        var receipt = await client.IngestManyAsync("transaction", events, Cancellation);

        Assert.Equal((17L, 1L, 2L), (receipt.Accepted, receipt.Duplicates, receipt.RejectedCount));
        Assert.Equal([3, 17], receipt.Rejected.Select(line => line.Line));
        Assert.Equal("amount", receipt.Rejected[0].ValidationError.Field);
        Assert.Equal(17, (await client.ReadFeaturesAsync(new("card", "../é /?%"), noon, Cancellation))["tx_count_1d"].Value);
        Assert.Equal(17, (await client.ReadFeaturesAsync(new("terminal", ".x"), EventTime.FromUnixMilliseconds(noon.UnixMilliseconds + (7 * 86_400_000)), Cancellation))["tx_count_1d"].Value);
    }
}
