using Grid.Infra.Tests.Manifests;

namespace Grid.Infra.Tests.Rules;

/// <summary>Every port that is named somewhere is opened somewhere.</summary>
internal static class PortRules
{
    public static readonly string[] Probes = ["startupProbe", "readinessProbe", "livenessProbe"];

    public static IEnumerable<string> Every_container_has_three_probes_on_a_port_it_opens(Overlay overlay)
    {
        foreach (var workload in overlay.Workloads)
        {
            foreach (var (container, name) in workload.Containers.SelectMany(container => Probes.Select(name => (container, name))))
            {
                var probe = container[name];
                var port = probe.At("httpGet.port").IsThere ? probe.At("httpGet.port") : probe.At("tcpSocket.port");
                if (!probe.IsThere || (!probe["exec"].IsThere && !workload.Opens(port)) || (workload.IsGrid && !probe["httpGet"].IsThere))
                {
                    yield return $"{workload}: {name} is missing, or asks port '{port.Text}', which {container["name"].Text} does not open.";
                }
            }
        }
    }

    public static IEnumerable<string> Every_service_leads_to_pods_that_open_its_ports(Overlay overlay)
    {
        foreach (var service in overlay.OfKind("Service"))
        {
            var selected = overlay.Selected(service.At("spec.selector")).ToList();
            if (selected.Count != 1)
            {
                yield return $"Service {Overlay.NameOf(service)} selects {selected.Count} workloads.";
            }

            foreach (var port in service.At("spec.ports").Items.Select(port => port["targetPort"].IsThere ? port["targetPort"] : port["port"]))
            {
                if (!selected.All(workload => workload.Opens(port)))
                {
                    yield return $"Service {Overlay.NameOf(service)}: its pods open no port '{port.Text}'.";
                }
            }
        }
    }

    public static IEnumerable<string> Every_port_of_the_grid_is_behind_a_service(Overlay overlay)
    {
        var gateways = overlay.Workloads.Where(workload => workload.IsGrid);
        foreach (var workload in gateways)
        {
            var staleness = overlay.OfKind("Service").Where(service => overlay.Selected(service.At("spec.selector")).Any(one => one.Name == workload.Name))
                .SelectMany(service => service.At("spec.ports").Items).Select(port => port["targetPort"].Text).ToHashSet(StringComparer.Ordinal);
            foreach (var port in workload.Ports.Keys.Except(staleness))
            {
                yield return $"{workload}: no service leads to its port '{port}'.";
            }
        }
    }

    public static IEnumerable<string> A_stateful_set_names_a_service_that_is_there(Overlay overlay) =>
        from workload in overlay.Workloads
        where workload.Kind == "StatefulSet" && !overlay.Find("Service", workload.Manifest.At("spec.serviceName").Text).IsThere
        select $"{workload}: its service is not there.";

    public static IEnumerable<string> Silo_ports_are_those_of_the_settings(Overlay overlay)
    {
        foreach (var workload in overlay.Workloads.Where(workload => workload.IsGrid))
        {
            var settings = workload.Containers.SelectMany(overlay.Environment).Where(one => one.Value is not null)
                .ToDictionary(one => one.Name, one => one.Value!, StringComparer.Ordinal);
            foreach (var (port, expected) in new[]
                {
                    ("silo", settings.GetValueOrDefault("Grid__Orleans__SiloPort")), ("silo-gateway", settings.GetValueOrDefault("Grid__Orleans__GatewayPort")),
                    ("http", settings.GetValueOrDefault("ASPNETCORE_URLS")?.Split(':').Last()),
                })
            {
                var opened = workload.Ports.TryGetValue(port, out var number) ? number.ToString(System.Globalization.CultureInfo.InvariantCulture) : null;
                if (opened is not null && opened != expected)
                {
                    yield return $"{workload}: it opens {port} as {opened}, and the settings say {expected}.";
                }
            }
        }
    }

    public static IEnumerable<string> A_selector_takes_the_pods_of_its_own_template(Overlay overlay) =>
        from workload in overlay.Workloads
        from selector in workload.Pod["topologySpreadConstraints"].Items.Select(one => one.At("labelSelector.matchLabels")).Prepend(workload.Manifest.At("spec.selector.matchLabels"))
        where overlay.Selected(selector).Select(one => one.Name).SequenceEqual([workload.Name]) is false
        select $"{workload}: one of its selectors takes other pods than its own.";
}
