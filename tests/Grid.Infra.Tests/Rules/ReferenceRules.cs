using Grid.Infra.Tests.Manifests;

namespace Grid.Infra.Tests.Rules;

/// <summary>Whatever is referred to is there, or the page of deployment says who makes it.</summary>
internal static class ReferenceRules
{
    public static IEnumerable<string> Every_config_map_that_is_referred_to_is_there(Overlay overlay)
    {
        foreach (var workload in overlay.Workloads)
        {
            var whole = workload.Containers.SelectMany(one => one["envFrom"].Items).Select(one => one.At("configMapRef.name"));
            var volumes = workload.Pod["volumes"].Items.Select(one => one.At("configMap.name"));
            foreach (var name in whole.Concat(volumes).Where(name => name.IsThere && !overlay.Find("ConfigMap", name.Text).IsThere))
            {
                yield return $"{workload}: there is no ConfigMap {name.Text}.";
            }

            foreach (var one in workload.Containers.SelectMany(one => one["env"].Items).Select(one => one.At("valueFrom.configMapKeyRef"))
                .Where(one => one.IsThere && !overlay.Find("ConfigMap", one["name"].Text)["data"][one["key"].Text!].IsThere))
            {
                yield return $"{workload}: ConfigMap {one["name"].Text} has no key {one["key"].Text}.";
            }
        }
    }

    public static IEnumerable<string> Every_secret_that_is_referred_to_is_documented(Overlay overlay)
    {
        var documented = DeploymentPage.Secrets.ToHashSet();
        var fromPods = overlay.Workloads.SelectMany(workload => workload.Containers).SelectMany(container => container["env"].Items).Select(one => one.At("valueFrom.secretKeyRef"));
        var fromMonitors = overlay.OfKind("ServiceMonitor").SelectMany(monitor => monitor.At("spec.endpoints").Items).Select(endpoint => endpoint.At("authorization.credentials"));
        var referred = fromPods.Concat(fromMonitors).Where(one => one.IsThere).Select(one => (one["name"].Text!, one["key"].Text!))
            .Concat(MountedSecrets(overlay));
        foreach (var (name, key) in referred.Where(one => !documented.Contains(one)))
        {
            yield return $"Secret {name}, key {key}, is not in the table of {DeploymentPage.Name}.";
        }

        foreach (var container in overlay.Workloads.SelectMany(workload => workload.Containers).Where(one => one["envFrom"].Items.Any(from => from["secretRef"].IsThere)))
        {
            yield return $"Container {container["name"].Text} takes a whole Secret; name the keys it needs.";
        }
    }

    /// <summary>
    /// The keys of Secrets that pods mount as files. A volume that names no keys mounts all of them: its key is then empty.
    /// </summary>
    internal static IEnumerable<(string Name, string Key)> MountedSecrets(Overlay overlay) =>
        from volume in overlay.Workloads.SelectMany(workload => workload.Pod["volumes"].Items)
        let secret = volume["secret"]
        where secret.IsThere
        from key in secret["items"].Items.Select(item => item["key"].Text!).DefaultIfEmpty("")
        select (secret["secretName"].Text!, key);

    public static IEnumerable<string> Every_mount_has_its_volume(Overlay overlay) =>
        from workload in overlay.Workloads
        let volumes = workload.Pod["volumes"].Items.Select(one => one["name"].Text)
            .Concat(workload.Manifest.At("spec.volumeClaimTemplates").Items.Select(Overlay.NameOf)).ToHashSet()
        from mount in workload.Containers.SelectMany(container => container["volumeMounts"].Items)
        where !volumes.Contains(mount["name"].Text)
        select $"{workload}: there is no volume {mount["name"].Text}.";

    public static IEnumerable<string> Every_setting_is_documented(Overlay overlay) =>
        overlay.Workloads.Where(workload => workload.IsGrid).SelectMany(workload => workload.Containers).SelectMany(overlay.Environment)
            .Select(one => DeploymentPage.Unnumbered(one.Name)).Distinct().Except(DeploymentPage.Settings)
            .Select(name => $"{name} is not in the table of {DeploymentPage.Name}.");

    /// <summary>A settings' name is its section's and its property's: a slip would be read by nobody and told by nobody.</summary>
    public static IEnumerable<string> Settings_of_the_gateway_are_settings_it_has(Overlay overlay)
    {
        const string Prefix = "Grid__Gateway__";
        var known = typeof(Grid.Gateway.GatewayOptions).GetProperties().Select(property => property.Name).ToHashSet(StringComparer.Ordinal);
        return overlay.Workloads.SelectMany(workload => workload.Containers).SelectMany(overlay.Environment).Select(one => one.Name)
            .Where(name => name.StartsWith(Prefix, StringComparison.Ordinal) && !known.Contains(name[Prefix.Length..].Split("__")[0]))
            .Select(name => $"{name}: the gateway has no such setting.");
    }
}
