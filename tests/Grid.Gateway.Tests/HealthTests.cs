using System.Net;
using Grid.Gateway.Endpoints;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;

namespace Grid.Gateway.Tests;

public sealed class HealthTests
{
    [Fact]
    public async Task Ready_follows_the_checks_and_tells_the_reason()
    {
        var full = false;
        await using var host = await GatewayHost.StartAsync(new ScriptedGrid(), add: services => services.AddHealthChecks().AddCheck(
            "engine", () => full ? HealthCheckResult.Unhealthy("The disk is full.") : HealthCheckResult.Healthy(), [HealthEndpoint.ReadyTag]));

        var before = await host.GetAsync("/health/ready");
        full = true;
        using var answer = await host.Client.GetAsync(new Uri("/health/ready", UriKind.Relative), TestContext.Current.CancellationToken);
        var told = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        var (live, _) = await host.GetAsync("/health/live");
        full = false;
        var after = await host.GetAsync("/health/ready");

        Assert.Equal(HttpStatusCode.OK, before.Status);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.Equal("""{"status":"not ready","reasons":[{"check":"engine","reason":"The disk is full."}]}""", told);
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (live, after.Status));
    }

    [Fact]
    public async Task A_process_that_is_stopping_is_live_and_not_ready()
    {
        // The stop waits for this request, so that the answers after it come from a process that is stopping.
        var held = new TaskCompletionSource();
        var asked = new TaskCompletionSource();
        var grid = new ScriptedGrid
        {
            OnDecide = async (request, _) =>
            {
                asked.SetResult();
                await held.Task;
                return ScriptedGrid.DecisionOf(request);
            },
        };
        await using var host = await GatewayHost.StartAsync(grid);
        var endpoint = host.Parts.GetRequiredService<HealthEndpoint>();
        var waiting = host.PostAsync("/v1/decisions/authorize", DecisionTests.Payment);
        await asked.Task;
        host.Parts.GetRequiredService<IHostApplicationLifetime>().StopApplication();

        var context = new Microsoft.AspNetCore.Http.DefaultHttpContext();
        await endpoint.ReadyAsync(context);
        held.SetResult();

        Assert.Equal(503, context.Response.StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await waiting).Status);
    }
}
