using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Grid.Infra.Tests.Manifests;
using Grid.Infra.Tests.Measurements;
using Grid.Testing;

namespace Grid.Infra.Tests;

/// <summary>Whatever the dashboard and the alerts ask for is told by a real silo that has decided something, with the labels that are asked for.</summary>
public sealed class MeasurementTests : IAsyncLifetime
{
    private const string Payment = """{"transaction_id":"t-N","at":"2025-07-25T12:00:29Z","card":"4242","terminal":"77","amount":12.50}""";

    // What Prometheus itself adds to a sample, by where it was scraped.
    private static readonly string[] OfTheTarget = ["job", "instance", "namespace", "pod"];

    // Measurements that no process of ours tells, each with who does.
    private static readonly Dictionary<string, string> OfOthers = new() { ["up"] = "Prometheus, of each scrape" };

    // Measurements that only the Orleans host tells, which is not started here; they are looked up in what declares them instead:
    // Orleans' own in the settings' list of instruments, ours in the sources of src/Grid.Orleans and, with its prefix, of what both hosts tell alike.
    private static readonly string[] OfTheOrleansHost = ["orleans_", "grid_cluster_"];

    private Overlay _overlay = null!;
    private Scrape _scrape = null!;

    public async ValueTask InitializeAsync()
    {
        _overlay = Rendered.Read("production");
        await using var silo = await ServedSilo.StartAsync(_overlay, "grid-gateway");
        var key = silo.Keys["callers"];
        for (var i = 0; i < 20; i++)
        {
            Assert.Equal(200, (await silo.PostAsync("/v1/decisions/authorize", Payment.Replace("-N", $"-{i % 15}", StringComparison.Ordinal), key)).Status);
        }

        await silo.PostAsync("/v1/decisions/authorize", "{", key);
        await silo.PostAsync("/v1/events/transaction", Payment.Replace("-N", "-e", StringComparison.Ordinal), key);
        await silo.PostAsync("/v1/events/fraud_report", """{"transaction_id":"t-1","at":"2025-08-01T12:00:29Z","is_fraud":true}""", key);
        _scrape = new((await silo.GetAsync("/metrics", silo.Keys["metrics"])).Body);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public void Every_measurement_that_is_asked_for_is_told() =>
        Assert.Empty(Asked.Expressions(_overlay).SelectMany(one => Faults(one.Expression).Select(fault => $"{one.Where}: {fault}")));

    [Theory]
    [InlineData("rate(grid_gateway_decision_total[5m])")]
    [InlineData("grid_engine_journal_failures")]
    [InlineData("grid_gateway_request_duration_seconds_bucket{endpoint=\"decision\"}")]
    [InlineData("grid_gateway_problems_total{code=~\"unavailable|overloaded\"}")]
    [InlineData("grid_gateway_problems_total{kind=\"unavailable\"}")]
    [InlineData("sum by (le, address) (rate(grid_gateway_request_duration_seconds_bucket[5m]))")]
    [InlineData("up{job=\"silo\"}")]
    [InlineData("orleans_catalog_activations")]
    [InlineData("kube_pod_info")]
    public void What_is_not_told_is_seen(string expression) => Assert.NotEmpty(Faults(expression));

    [Fact]
    public void Measurements_of_the_orleans_host_are_those_that_its_sources_declare()
    {
        var sources = Path.Combine(Repository.Root, "src", "Grid.Orleans");
        var shared = Path.Combine(Repository.Root, "src", "Grid.Decisions", "Hosting", "HostMetrics.cs");
        var prefix = Regex.Match(File.ReadAllText(Path.Combine(sources, "Hosting", "ClusterMetrics.cs")), """base\(meters, "[^"]+", "([^"]+)"\)""").Groups[1].Value;
        var declared = Directory.EnumerateFiles(sources, "*.cs", SearchOption.AllDirectories).Append(shared)
            .SelectMany(path => Declared(File.ReadAllText(path).Replace("{prefix}", prefix, StringComparison.Ordinal))).ToHashSet(StringComparer.Ordinal);

        Assert.Empty(Asked.Expressions(_overlay).SelectMany(one => Query.Read(one.Expression).Selectors).Select(one => one.Name).Distinct()
            .Where(name => name.StartsWith("grid_cluster_", StringComparison.Ordinal)).Except(declared));
    }

    [Fact]
    public void The_dashboard_is_one_that_grafana_takes_and_its_panels_do_not_overlap()
    {
        var dashboard = Asked.Dashboard(_overlay);
        var panels = dashboard["panels"]!.AsArray().Select(panel => panel!).ToList();
        var places = panels.SelectMany(panel => Cells(panel["gridPos"]!)).ToList();

        Assert.Equal(places.Count, places.Distinct().Count());
        Assert.Equal(panels.Count, panels.Select(panel => (int)panel["id"]!).Distinct().Count());
        Assert.All(places, place => Assert.InRange(place.X, 0, 23));
        Assert.All(panels.Where(panel => (string)panel["type"]! != "row"), panel => Assert.NotEqual("", (string)panel["description"]!));
        Assert.Equal(["datasource", "namespace"], dashboard["templating"]!["list"]!.AsArray().Select(variable => (string)variable!["name"]!));
    }

    private static IEnumerable<(int X, int Y)> Cells(JsonNode place) =>
        from x in Enumerable.Range((int)place["x"]!, (int)place["w"]!)
        from y in Enumerable.Range((int)place["y"]!, (int)place["h"]!)
        select (x, y);

    /// <summary>The names, as Prometheus knows them, of the instruments that a source file makes.</summary>
    private static IEnumerable<string> Declared(string source) =>
        Regex.Matches(source, """Create(Observable)?(Counter|Gauge|UpDownCounter|Histogram)(<\w+>)?\(\s*\$?"([^"]+)",(?:[^"]*,)?\s*"([^"]*)"(?=,)""").SelectMany(match =>
        {
            var name = match.Groups[4].Value.Replace('.', '_') + match.Groups[5].Value switch { "s" => "_seconds", "By" => "_bytes", _ => "" };
            return match.Groups[2].Value switch
            {
                "Counter" => [name + "_total"],
                "Histogram" => new[] { name + "_bucket", name + "_sum", name + "_count" },
                _ => [name],
            };
        });

    private IEnumerable<string> Faults(string expression) => Query.Read(expression) is var query ? query.Selectors.SelectMany(selector => Faults(selector, query.Grouped)) : [];

    private IEnumerable<string> Faults(Selector selector, IReadOnlyList<string> grouped)
    {
        if (OfTheOrleansHost.Any(prefix => selector.Name.StartsWith(prefix, StringComparison.Ordinal)))
        {
            return selector.Name.StartsWith("orleans_", StringComparison.Ordinal) && !Instruments().Contains(selector.Name)
                ? [$"{selector.Name} is of no instrument that Grid__Gateway__Instruments names."] : [];
        }

        return !OfOthers.ContainsKey(selector.Name) && !_scrape.Tells(selector.Name)
            ? [$"{selector.Name} is not told."]
            : selector.Matchers.SelectMany(one => LabelFaults(selector.Name, one.Label, one.Value))
                .Concat(grouped.Where(label => !OfTheTarget.Contains(label) && _scrape.Values(selector.Name, label).Count == 0).Select(label => $"{selector.Name} has no label {label}."));
    }

    private IEnumerable<string> LabelFaults(string name, string label, string wanted)
    {
        var known = label == "job" ? [.. Jobs()] : _scrape.Values(name, label);
        return wanted.StartsWith('$') || (OfTheTarget.Contains(label) && label != "job")
            ? []
            : wanted.Split('|').Where(value => !known.Contains(value)).Select(value => $"{name} is told with no {label} '{value}', but with {string.Join(", ", known)}.");
    }

    /// <summary>A scrape's job is the name of the service that leads to it.</summary>
    private IEnumerable<string> Jobs() =>
        from monitor in _overlay.OfKind("ServiceMonitor")
        let wanted = monitor.At("spec.selector.matchLabels").Texts
        from service in _overlay.OfKind("Service")
        where wanted.All(label => service.At("metadata.labels").Texts.GetValueOrDefault(label.Key) == label.Value)
        where monitor.At("spec.endpoints").Items.All(endpoint => service.At("spec.ports").Items.Any(port => port["name"].Text == endpoint["port"].Text))
        select Overlay.NameOf(service);

    /// <summary>Orleans' instruments that are listened to, as Prometheus knows them: a counter or a gauge, its list does not say which.</summary>
    private HashSet<string> Instruments() => [.. _overlay.Workloads.Where(one => one.IsGrid).SelectMany(one => one.Containers).SelectMany(_overlay.Environment)
        .Where(one => one.Name.StartsWith("Grid__Gateway__Instruments__", StringComparison.Ordinal))
        .Select(one => one.Value!.Replace('-', '_')).SelectMany(name => new[] { name, name + "_total" })];
}
