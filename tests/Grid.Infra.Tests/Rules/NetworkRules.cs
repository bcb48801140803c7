using Grid.Infra.Tests.Manifests;

namespace Grid.Infra.Tests.Rules;

/// <summary>Who may speak to whom.</summary>
internal static class NetworkRules
{
    public static IEnumerable<string> Every_pod_is_closed_but_for_what_policies_open(Overlay overlay)
    {
        foreach (var workload in overlay.Workloads)
        {
            var kinds = Policies(overlay, workload).SelectMany(policy => policy.At("spec.policyTypes").Items).Select(kind => kind.Text).ToHashSet();
            if (!kinds.SetEquals(["Ingress", "Egress"]))
            {
                yield return $"{workload}: no policy closes it both ways.";
            }
        }

        foreach (var policy in overlay.OfKind("NetworkPolicy").Where(policy => !overlay.Selected(policy.At("spec.podSelector.matchLabels")).Any()))
        {
            yield return $"NetworkPolicy {Overlay.NameOf(policy)} selects no pod.";
        }
    }

    public static IEnumerable<string> Policies_name_ports_that_are_opened(Overlay overlay)
    {
        foreach (var policy in overlay.OfKind("NetworkPolicy"))
        {
            var here = overlay.Selected(policy.At("spec.podSelector.matchLabels")).ToList();
            foreach (var port in policy.At("spec.ingress").Items.SelectMany(rule => rule["ports"].Items).Select(port => port["port"]))
            {
                if (!here.All(workload => workload.Opens(port)))
                {
                    yield return $"NetworkPolicy {Overlay.NameOf(policy)} lets in on port '{port.Text}', which its pods do not open.";
                }
            }

            foreach (var rule in policy.At("spec.egress").Items)
            {
                foreach (var peer in rule["to"].Items.Where(peer => peer["podSelector"].IsThere && !peer["namespaceSelector"].IsThere))
                {
                    var there = overlay.Selected(peer.At("podSelector.matchLabels")).ToList();
                    if (there.Count == 0 || !rule["ports"].Items.All(port => there.All(workload => workload.Opens(port["port"]))))
                    {
                        yield return $"NetworkPolicy {Overlay.NameOf(policy)} lets out to pods that are not there, or to a port they do not open.";
                    }
                }

                if (!rule["to"].Items.Any() || !rule["ports"].Items.Any())
                {
                    yield return $"NetworkPolicy {Overlay.NameOf(policy)} lets out to anywhere.";
                }
            }
        }
    }

    /// <summary>The whole of who may call whom inside, as it should be and no more.</summary>
    public static IEnumerable<string> Silo_ports_are_reached_by_members_only(Overlay overlay)
    {
        var silo = overlay.Workloads.Single(workload => workload.Name == "grid-silo");
        var open = Policies(overlay, silo).SelectMany(policy => policy.At("spec.ingress").Items)
            .SelectMany(rule => rule["ports"].Items.SelectMany(port => Peers(overlay, rule).Select(peer => $"{peer} → {port["port"].Text}"))).Order(StringComparer.Ordinal).ToList();
        string[] wanted = ["grid-gateway → silo-gateway", "grid-silo → silo"];
        return open.Where(one => one != "namespace monitoring → http").SequenceEqual(wanted) ? [] : [$"Into silos: {string.Join(", ", open)}."];
    }

    /// <summary>DNS, and what its settings name: PostgreSQL, or Azure Storage over HTTPS.</summary>
    public static IEnumerable<string> The_grid_reaches_names_and_its_database(Overlay overlay)
    {
        foreach (var workload in overlay.Workloads.Where(workload => workload.IsGrid))
        {
            var ports = Policies(overlay, workload).SelectMany(policy => policy.At("spec.egress").Items).SelectMany(rule => rule["ports"].Items)
                .Select(port => port["port"].Number).ToHashSet();
            foreach (var needed in Stores(overlay, workload).Append(53).Where(needed => !ports.Contains(needed)))
            {
                yield return $"{workload}: no policy lets it reach port {needed}.";
            }
        }
    }

    private static IEnumerable<int> Stores(Overlay overlay, Workload workload) => workload.Containers.SelectMany(overlay.Environment)
        .Where(one => one.Name is "Grid__Orleans__Clustering" or "Grid__Orleans__Storage")
        .Select(one => one.Value == "azure" ? 443 : 5432).Distinct();

    private static IEnumerable<Node> Policies(Overlay overlay, Workload workload) =>
        overlay.OfKind("NetworkPolicy").Where(policy => overlay.Selected(policy.At("spec.podSelector.matchLabels")).Any(one => one.Name == workload.Name));

    private static IEnumerable<string> Peers(Overlay overlay, Node rule) => rule["from"].Items.Any()
        ? rule["from"].Items.SelectMany(peer => peer["namespaceSelector"].IsThere
            ? [$"namespace {peer.At("namespaceSelector.matchLabels")["kubernetes.io/metadata.name"].Text}"]
            : overlay.Selected(peer.At("podSelector.matchLabels")).Select(one => one.Name))
        : ["anybody"];
}
