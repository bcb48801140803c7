using System.Net;
using Grid.Gateway.Dashboard;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace Grid.Gateway.Tests;

public sealed class DashboardTests
{
    [Fact]
    public async Task The_page_comes_whole_from_here_and_may_load_nothing_from_elsewhere()
    {
        await using var host = await GatewayHost.StartAsync(new ScriptedGrid());

        foreach (var path in new[] { "/", "/dashboard.css", "/dashboard.js" })
        {
            using var answer = await host.Client.GetAsync(new Uri(path, UriKind.Relative), TestContext.Current.CancellationToken);
            var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            Assert.True(text.Length > 1_000);
            Assert.StartsWith("default-src 'none'", answer.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
            Assert.DoesNotContain("https://", text, StringComparison.Ordinal);
            Assert.DoesNotContain("innerHTML", text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task News_are_the_decisions_after_those_that_are_known()
    {
        var time = new FakeTimeProvider();
        var takes = TimeSpan.FromMilliseconds(2.5);
        await using var host = await GatewayHost.StartAsync(time: time, grid: new ScriptedGrid
        {
            OnDecide = (request, _) =>
            {
                time.Advance(takes);
                takes *= 3;
                return new(ScriptedGrid.DecisionOf(request));
            },
        });
        await host.PostAsync("/v1/decisions/authorize", """{"transaction_id":"t-1","card":"1"}""");
        await host.PostAsync("/v1/decisions/authorize", """{"transaction_id":"t-2","card":"2"}""");
        await host.PostAsync("/v1/decisions/authorize", "{");

        var (_, all) = await host.GetAsync("/v1/dashboard");
        var (_, news) = await host.GetAsync("/v1/dashboard?after=1");

        Assert.Equal(["t-1", "t-2"], all["decisions"]!.AsArray().Select(one => (string)one!["decision"]!["event_id"]!));
        Assert.Equal(["t-2"], news["decisions"]!.AsArray().Select(one => (string)one!["decision"]!["event_id"]!));
        Assert.Equal(2, (int)all["count"]!);
        Assert.Equal(2, (int)all["actions"]!["review"]!);
        Assert.Equal((2.5, 7.5), ((double)all["p50_ms"]!, (double)all["p99_ms"]!));
    }

    [Fact]
    public void Only_the_newest_are_kept_and_all_are_counted()
    {
        var recent = new RecentDecisions(Options.Create(new GatewayOptions { RecentDecisions = 16 }));
        for (var i = 1; i <= 100; i++)
        {
            recent.Add(ScriptedGrid.DecisionOf(new Event("transaction")), TimeSpan.FromTicks(i));
        }

        Assert.Equal(Enumerable.Range(85, 16).Select(i => (long)i), recent.After(0, 100).Select(served => served.Number));
        Assert.Equal([99L, 100L], recent.After(0, 2).Select(served => served.Number));
        Assert.Equal(100, recent.Count);
        Assert.Equal([50L, 99L], recent.LatencyAt(0.5, 0.99).Select(latency => latency!.Value.Ticks));
    }

    [Fact]
    public async Task Many_may_add_while_one_reads()
    {
        var recent = new RecentDecisions(Options.Create(new GatewayOptions { RecentDecisions = 64 }));
        var decision = ScriptedGrid.DecisionOf(new Event("transaction"));

        var writers = Enumerable.Range(0, 4).Select(_ => Task.Run(() =>
        {
            for (var i = 0; i < 20_000; i++)
            {
                recent.Add(decision, TimeSpan.FromTicks(1));
            }
        })).ToArray();
        while (!Task.WhenAll(writers).IsCompleted)
        {
            var numbers = recent.After(0, 64).Select(served => served.Number).ToArray();
            Assert.Equal(numbers.Distinct().Order(), numbers);
        }

        Assert.Equal(80_000, recent.Count);
        Assert.Equal(80_000, recent.Actions[0].Count);
    }
}
