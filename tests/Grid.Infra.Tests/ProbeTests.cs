using Grid.Infra.Tests.Manifests;
using Grid.Infra.Tests.Measurements;
using Grid.Infra.Tests.Rules;

namespace Grid.Infra.Tests;

/// <summary>What the manifests ask of the process, the real process answers, with the environment that its pod gives it.</summary>
public sealed class ProbeTests
{
    [Theory]
    [InlineData("grid-silo")]
    [InlineData("grid-gateway")]
    public async Task Every_probe_is_answered_without_a_key(string workload)
    {
        var overlay = Rendered.Read("production");
        await using var silo = await ServedSilo.StartAsync(overlay, workload);
        var container = overlay.Workloads.Single(one => one.Name == workload).Containers.Single();

        foreach (var probe in PortRules.Probes)
        {
            var path = container[probe].At("httpGet.path").Text!;
            var (status, body) = await silo.GetAsync(path);
            Assert.True(status == 200, $"{probe} asks {path} and gets {status}: {body}");
        }
    }

    [Fact]
    public async Task Measurements_are_told_to_the_key_that_prometheus_has_and_to_nobody_else()
    {
        var overlay = Rendered.Read("production");
        await using var silo = await ServedSilo.StartAsync(overlay, "grid-silo");

        foreach (var endpoint in overlay.OfKind("ServiceMonitor").SelectMany(monitor => monitor.At("spec.endpoints").Items))
        {
            var path = endpoint["path"].Text!;
            Assert.Equal(200, (await silo.GetAsync(path, silo.Keys[endpoint.At("authorization.credentials.key").Text!])).Status);
            Assert.Equal(401, (await silo.GetAsync(path)).Status);
        }
    }

    [Fact]
    public async Task A_silo_takes_no_callers_key()
    {
        var overlay = Rendered.Read("production");
        await using var gateway = await ServedSilo.StartAsync(overlay, "grid-gateway");
        await using var silo = await ServedSilo.StartAsync(overlay, "grid-silo");

        Assert.Equal(["callers", "metrics"], gateway.Keys.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(200, (await gateway.GetAsync("/v1/schema", gateway.Keys["callers"])).Status);
        Assert.Equal(["metrics"], silo.Keys.Keys);
        Assert.Equal(401, (await silo.GetAsync("/v1/schema", gateway.Keys["callers"])).Status);
    }
}
