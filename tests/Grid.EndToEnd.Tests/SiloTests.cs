using System.Net;
using System.Text;
using Grid.Json;
using Grid.Testing;

namespace Grid.EndToEnd.Tests;

public sealed class SiloTests
{
    [Fact]
    public async Task Faults_of_bundle_settings_and_arguments_are_told_all_at_once()
    {
        using var bundle = new TemporaryFolder();
        await File.WriteAllTextAsync(Path.Combine(bundle.Path, "bundle.yaml"), "bundle: broken\nversion: 1\nevents:\n  payment: { id: nothing }\nfeaturs: {}\n", TestContext.Current.CancellationToken);

        var (code, output) = await SiloProcess.RunAsync(
            "serve", "--bundle", bundle.Path, "--Grid:Engine:Shards=0", "--Grid:Gateway:PipelinedEvents=0", "--colour", "red", "--data", bundle.Path);

        Assert.Equal(1, code);
        Assert.Contains("bundle.yaml", output, StringComparison.Ordinal);
        Assert.Contains("featurs", output, StringComparison.Ordinal);
        Assert.Contains("Shards", output, StringComparison.Ordinal);
        Assert.Contains("PipelinedEvents", output, StringComparison.Ordinal);
        Assert.Contains("--colour", output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at Grid.", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_bundle_that_is_not_there_is_told_with_where_it_was_looked_for()
    {
        var (code, output) = await SiloProcess.RunAsync("--bundle", "bundles/frod");

        Assert.Equal(1, code);
        Assert.Contains(Path.Combine(Repository.Root, "bundles", "frod"), output, StringComparison.Ordinal);
        Assert.Contains("--bundle", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_address_that_is_taken_is_told_with_what_to_do()
    {
        using var first = new TemporaryFolder();
        using var second = new TemporaryFolder();
        await using var silo = await SiloProcess.StartAsync(first.Path);

        var (code, output) = await SiloProcess.RunAsync("serve", "--urls", silo.Address.ToString(), "--data", second.Path, "--bundle", Repository.Bundle("fraud"));

        Assert.Equal(1, code);
        Assert.Contains("--urls", output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_tells_nobody_of_what_it_decides_and_leaves_nothing_where_it_is_not_told_to()
    {
        using var folder = new TemporaryFolder();
        using var home = new TemporaryFolder();
        using var http = new HttpClient();
        using var content = new StringContent(
            """{"transaction_id":"t-1","at":"2025-07-25T12:00:29Z","card":"4242","terminal":"77","amount":12.50}""", Encoding.UTF8, "application/json");
        await using var silo = await SiloProcess.StartAtHomeAsync(folder.Path, home.Path);

        using var answer = await http.PostAsync(new Uri(silo.Address, "/v1/decisions/authorize"), content, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Empty(Directory.EnumerateFiles(home.Path, "*", SearchOption.AllDirectories)); // An id of the machine and a queue of events, where ONNX Runtime tells its makers of its use.
    }

    [Fact]
    public async Task A_silo_that_is_told_to_stop_ends_well_and_knows_everything_when_it_comes_back()
    {
        using var folder = new TemporaryFolder();
        using var http = new HttpClient();
        using var content = new StringContent(
            """{"transaction_id":"t-1","at":"2025-07-25T12:00:29Z","card":"4242","terminal":"77","amount":12.50}""", Encoding.UTF8, "application/json");
        string id;
        await using (var silo = await SiloProcess.StartAsync(folder.Path))
        {
            using var answer = await http.PostAsync(new Uri(silo.Address, "/v1/decisions/authorize"), content, TestContext.Current.CancellationToken);
            var decision = DecisionJson.Read(await answer.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            Assert.Equal(1, decision.Features.Single(feature => feature.Name == "card.tx_count_1d").Value);
            id = decision.Id;

            Assert.Equal(0, await silo.StopAsync());
        }

        await using var again = await SiloProcess.StartAsync(folder.Path);
        var found = DecisionJson.Read(await http.GetByteArrayAsync(new Uri(again.Address, "/v1/decisions/" + id), TestContext.Current.CancellationToken));
        var features = EntityFeaturesJson.Read(await http.GetByteArrayAsync(
            new Uri(again.Address, "/v1/entities/card/4242/features?at=2025-07-25T12:00:29Z"), TestContext.Current.CancellationToken));

        Assert.Equal("t-1", found.EventId);
        Assert.Equal(1, features["tx_count_1d"].Value);
    }
}
