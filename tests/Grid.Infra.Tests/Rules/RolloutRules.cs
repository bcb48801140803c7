using System.Globalization;
using Grid.Infra.Tests.Manifests;

namespace Grid.Infra.Tests.Rules;

/// <summary>How pods come and go.</summary>
internal static class RolloutRules
{
    public static IEnumerable<string> A_pod_has_longer_to_end_than_its_drain_may_take(Overlay overlay)
    {
        foreach (var workload in overlay.Workloads.Where(workload => workload.IsGrid))
        {
            foreach (var container in workload.Containers)
            {
                var setting = overlay.Environment(container).FirstOrDefault(one => one.Name == "Grid__Orleans__Drain").Value;
                var known = TimeSpan.TryParse(setting, CultureInfo.InvariantCulture, out var drain);
                var needed = drain.TotalSeconds + (container.At("lifecycle.preStop.sleep.seconds").Number ?? 0);
                if (!known || workload.Pod["terminationGracePeriodSeconds"].Number is not { } grace || grace < needed + 10)
                {
                    yield return $"{workload}: its stop may take {needed} s, and terminationGracePeriodSeconds is not 10 s above that.";
                }
            }
        }
    }

    public static IEnumerable<string> A_roll_adds_before_it_takes_away(Overlay overlay) =>
        from workload in overlay.Workloads
        where workload.IsGrid && (workload.Kind != "Deployment" || workload.Manifest.At("spec.strategy.rollingUpdate.maxUnavailable").Number != 0
            || workload.Manifest.At("spec.strategy.rollingUpdate.maxSurge").Number is null or 0)
        select $"{workload}: maxUnavailable is not 0, or maxSurge is.";

    public static IEnumerable<string> Memory_is_bounded_and_the_processor_is_not(Overlay overlay) =>
        from workload in overlay.Workloads
        from container in workload.Containers
        let resources = container["resources"]
        where !resources.At("requests.cpu").IsThere || resources.At("limits.cpu").IsThere
            || resources.At("requests.memory").Text is null || resources.At("requests.memory").Text != resources.At("limits.memory").Text
        select $"{workload}: container {container["name"].Text} wants a CPU request, no CPU limit, and as much memory requested as it may have.";

    public static IEnumerable<string> Pods_are_spread_over_nodes_and_zones(Overlay overlay) =>
        from workload in overlay.Workloads
        where workload.IsGrid && !workload.Pod["topologySpreadConstraints"].Items.Select(one => one["topologyKey"].Text)
            .ToHashSet().IsSupersetOf(["kubernetes.io/hostname", "topology.kubernetes.io/zone"])
        select $"{workload}: its pods may all stand on one node or in one zone.";

    public static IEnumerable<string> Budgets_and_scalers_aim_at_what_is_there(Overlay overlay)
    {
        foreach (var budget in overlay.OfKind("PodDisruptionBudget"))
        {
            if (overlay.Selected(budget.At("spec.selector.matchLabels")).Count() != 1)
            {
                yield return $"PodDisruptionBudget {Overlay.NameOf(budget)} does not select one workload.";
            }
        }

        foreach (var scaler in overlay.OfKind("HorizontalPodAutoscaler"))
        {
            var target = scaler.At("spec.scaleTargetRef");
            if (!overlay.All.Any(one => one["kind"].Text == target["kind"].Text && one["apiVersion"].Text == target["apiVersion"].Text && Overlay.NameOf(one) == target["name"].Text))
            {
                yield return $"HorizontalPodAutoscaler {Overlay.NameOf(scaler)} scales what is not there.";
            }

            if (scaler.At("spec.minReplicas").Number is not { } least || scaler.At("spec.maxReplicas").Number is not { } most || least < 2 || most <= least)
            {
                yield return $"HorizontalPodAutoscaler {Overlay.NameOf(scaler)} wants at least two replicas, and room above them.";
            }
        }
    }

    /// <summary>A number in the manifest would be set again at each apply, over what the autoscaler chose.</summary>
    public static IEnumerable<string> Either_an_autoscaler_or_a_number_says_how_many(Overlay overlay)
    {
        var scaled = overlay.OfKind("HorizontalPodAutoscaler").Select(scaler => scaler.At("spec.scaleTargetRef.name").Text).ToHashSet();
        var guarded = overlay.OfKind("PodDisruptionBudget").SelectMany(budget => overlay.Selected(budget.At("spec.selector.matchLabels"))).Select(one => one.Name).ToHashSet();
        foreach (var workload in overlay.Workloads)
        {
            if (scaled.Contains(workload.Name) == workload.Manifest.At("spec.replicas").IsThere)
            {
                yield return $"{workload}: an autoscaler and a number of replicas say both how many there are, or neither does.";
            }

            if (scaled.Contains(workload.Name) != guarded.Contains(workload.Name))
            {
                yield return $"{workload}: it has an autoscaler and no disruption budget, or the other way round.";
            }
        }
    }
}
