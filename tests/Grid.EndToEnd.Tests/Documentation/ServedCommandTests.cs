using Grid.Testing;

namespace Grid.EndToEnd.Tests.Documentation;

/// <summary>Runs the commands of the documents that start a server, and those that ask it, as they are shown.</summary>
public sealed class ServedCommandTests
{
    [Fact]
    public async Task Commands_for_a_silo_run()
    {
        using var clone = new SmallClone();
        await using var silo = await ServerRun.StartAsync(
            clone, CommandList.ServeSilo, [], [("ASPNETCORE_URLS", "http://127.0.0.1:0"), ("Grid__Bundle", "bundles/mine")]);

        foreach (var run in CommandList.On(Stage.Silo))
        {
            await clone.RunAsync(run, [("http://127.0.0.1:8080", silo.Address)]);
        }

        Assert.True(File.Exists(Path.Combine(clone.Path, "data", "journal.db")), "expected the data folder where the command was started");
    }

    [Fact]
    public async Task Commands_for_a_cluster_run()
    {
        Assert.SkipWhen(PostgresServer.Absent is not null, PostgresServer.Absent ?? "");
        using var clone = new SmallClone();
        using var postgres = PostgresServer.Start();
        (string, string)[] bundle = [("Grid__Bundle", "bundles/mine")];
        var (siloPort, gatewayPort) = (FreePort.Next(), FreePort.Next());
        (string, string)[] places =
        [
            ("http://127.0.0.1:18081", "http://127.0.0.1:0"), ("http://127.0.0.1:18090", "http://127.0.0.1:0"),
            ("Host=127.0.0.1;Database=postgres;Username=grid", postgres.ConnectionString),
            ("SiloPort=11111", $"SiloPort={siloPort}"), ("GatewayPort=30001", $"GatewayPort={gatewayPort}"),
            ("127.0.0.1:30001", $"127.0.0.1:{gatewayPort}"), ("127.0.0.1:30000", $"127.0.0.1:{gatewayPort}"),
        ];
        await using var silo = await ServerRun.StartAsync(clone, CommandList.ServeCluster, places, bundle);
        await using var gateway = await ServerRun.StartAsync(clone, CommandList.ServeGateway, places, []);

        foreach (var run in CommandList.On(Stage.Cluster))
        {
            await clone.RunAsync(run, places);
        }

        using var http = new HttpClient();
        var schema = await http.GetStringAsync(new Uri(gateway.Address + "/v1/schema"), TestContext.Current.CancellationToken);
        Assert.Contains("fraud", schema, StringComparison.Ordinal);
    }
}
