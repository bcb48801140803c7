using System.Reflection;
using Grid.Infra.Tests.Manifests;
using Grid.Infra.Tests.Rules;
using Grid.Orleans;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Grid.Infra.Tests;

/// <summary>Every rule holds for every overlay, and every rule sees what breaks it.</summary>
public sealed class ManifestTests
{
    public static TheoryData<string, string> Rules =>
        new(Rendered.Overlays.SelectMany(overlay => Rule.All.Keys.Select(rule => (overlay.Data, rule))));

    /// <summary>A rule, what is changed in the rendered production overlay, and to what. Every rule has at least one.</summary>
    public static TheoryData<string, string, string> Breaks => new()
    {
        { nameof(SecurityRules.Containers_have_no_rights_they_do_not_need), "readOnlyRootFilesystem: true", "readOnlyRootFilesystem: false" },
        { nameof(SecurityRules.Containers_have_no_rights_they_do_not_need), "- ALL", "- NET_RAW" },
        { nameof(SecurityRules.Containers_have_no_rights_they_do_not_need), "runAsUser: 1654", "runAsUser: 0" },
        { nameof(SecurityRules.Containers_have_no_rights_they_do_not_need), "runAsNonRoot: true", "runAsNonRoot: false" },
        { nameof(SecurityRules.Containers_have_no_rights_they_do_not_need), "type: RuntimeDefault", "type: Unconfined" },
        { nameof(SecurityRules.Containers_have_no_rights_they_do_not_need), "mountPath: /tmp", "mountPath: /temp" },
        { nameof(SecurityRules.Containers_have_no_rights_they_do_not_need), "enableServiceLinks: false", "hostNetwork: true" },
        { nameof(SecurityRules.No_token_is_mounted_and_no_role_is_bound), "automountServiceAccountToken: false", "automountServiceAccountToken: true" },
        { nameof(SecurityRules.No_token_is_mounted_and_no_role_is_bound), "serviceAccountName: grid-silo", "serviceAccountName: default" },
        { nameof(SecurityRules.No_secret_is_written_down), "Grid__Bundle: /app/bundles/fraud", "Grid__Orleans__ConnectionString: Host=db;Username=grid" },
        { nameof(SecurityRules.No_secret_is_written_down), "Grid__Bundle: /app/bundles/fraud", "Grid__Database: Host=db;Password=x" },
        { nameof(SecurityRules.No_secret_is_written_down), "kind: PodDisruptionBudget", "kind: Secret" },
        { nameof(SecurityRules.The_namespace_enforces_the_restricted_standard), "enforce: restricted", "enforce: baseline" },
        { nameof(SecurityRules.The_namespace_enforces_the_restricted_standard), "namespace: grid\n", "namespace: other\n" },
        { nameof(SecurityRules.An_image_is_named_with_its_version), "image: grid-silo:0.1.0", "image: grid-silo:latest" },
        { nameof(SecurityRules.An_image_is_named_with_its_version), "image: grid-silo:0.1.0", "image: grid-silo" },
        { nameof(PortRules.Every_container_has_three_probes_on_a_port_it_opens), "startupProbe:", "startupprobe:" },
        { nameof(PortRules.Every_container_has_three_probes_on_a_port_it_opens), "path: /health/ready\n            port: http", "path: /health/ready\n            port: web" },
        { nameof(PortRules.Every_service_leads_to_pods_that_open_its_ports), "targetPort: silo-gateway", "targetPort: silo-door" },
        { nameof(PortRules.Every_service_leads_to_pods_that_open_its_ports), "  selector:\n    app.kubernetes.io/component: silo\n    app.kubernetes.io/name: grid", "  selector:\n    app.kubernetes.io/name: grid" },
        { nameof(PortRules.Every_port_of_the_grid_is_behind_a_service), "targetPort: silo-gateway", "targetPort: 30000" },
        { nameof(PortRules.A_stateful_set_names_a_service_that_is_there), "kind: Deployment", "kind: StatefulSet" },
        { nameof(PortRules.Silo_ports_are_those_of_the_settings), "Grid__Orleans__SiloPort: \"11111\"", "Grid__Orleans__SiloPort: \"11112\"" },
        { nameof(PortRules.Silo_ports_are_those_of_the_settings), "http://+:8080", "http://+:8081" },
        { nameof(PortRules.A_selector_takes_the_pods_of_its_own_template), "    matchLabels:\n      app.kubernetes.io/component: silo\n", "    matchLabels:\n" },
        { nameof(NetworkRules.Every_pod_is_closed_but_for_what_policies_open), "  - Egress", "  - Ingress" },
        { nameof(NetworkRules.Every_pod_is_closed_but_for_what_policies_open), "  podSelector:\n    matchLabels:\n      app.kubernetes.io/name: grid\n", "  podSelector:\n    matchLabels:\n      app.kubernetes.io/name: greed\n" },
        { nameof(NetworkRules.Policies_name_ports_that_are_opened), "    - port: silo-gateway", "    - port: silo-door" },
        { nameof(NetworkRules.Policies_name_ports_that_are_opened), "    - port: 30000", "    - port: 30001" },
        { nameof(NetworkRules.Policies_name_ports_that_are_opened), "  - ports:\n    - port: 11111\n    to:", "  - ports:\n    - port: 11111\n    too:" },
        { nameof(NetworkRules.Silo_ports_are_reached_by_members_only), "    ports:\n    - port: silo-gateway", "    ports:\n    - port: silo" },
        { nameof(NetworkRules.Silo_ports_are_reached_by_members_only), "  - from:\n    - podSelector:", "  - form:\n    - podSelector:" },
        { nameof(NetworkRules.The_grid_reaches_names_and_its_database), "port: 5432", "port: 5433" },
        { nameof(NetworkRules.The_grid_reaches_names_and_its_database), "port: 53\n", "port: 54\n" },
        {
            nameof(NetworkRules.The_grid_reaches_names_and_its_database),
            "Grid__Orleans__Clustering: adonet", "Grid__Orleans__Clustering: azure"
        },
        { nameof(RolloutRules.A_pod_has_longer_to_end_than_its_drain_may_take), "terminationGracePeriodSeconds: 75", "terminationGracePeriodSeconds: 45" },
        { nameof(RolloutRules.A_pod_has_longer_to_end_than_its_drain_may_take), "Grid__Orleans__Drain: \"00:00:45\"", "Grid__Orleans__Drain: \"00:01:15\"" },
        { nameof(RolloutRules.A_pod_has_longer_to_end_than_its_drain_may_take), "Grid__Orleans__Drain", "Grid__Orleans__Drains" },
        { nameof(RolloutRules.A_roll_adds_before_it_takes_away), "maxUnavailable: 0", "maxUnavailable: 1" },
        { nameof(RolloutRules.Memory_is_bounded_and_the_processor_is_not), "          limits:\n", "          limits:\n            cpu: \"2\"\n" },
        { nameof(RolloutRules.Memory_is_bounded_and_the_processor_is_not), "          limits:\n            memory: 4Gi", "          limits:\n            memory: 8Gi" },
        { nameof(RolloutRules.Pods_are_spread_over_nodes_and_zones), "topologyKey: topology.kubernetes.io/zone", "topologyKey: topology.kubernetes.io/region" },
        { nameof(RolloutRules.Budgets_and_scalers_aim_at_what_is_there), "    kind: Deployment\n    name: grid-silo", "    kind: StatefulSet\n    name: grid-silo" },
        { nameof(RolloutRules.Budgets_and_scalers_aim_at_what_is_there), "  maxUnavailable: 1\n  selector:", "  maxUnavailable: 1\n  selected:" },
        { nameof(RolloutRules.Budgets_and_scalers_aim_at_what_is_there), "minReplicas: 3", "minReplicas: 1" },
        { nameof(RolloutRules.Either_an_autoscaler_or_a_number_says_how_many), "  minReadySeconds: 15", "  replicas: 3" },
        { nameof(RolloutRules.Either_an_autoscaler_or_a_number_says_how_many), "kind: PodDisruptionBudget", "kind: PodBudget" },
        { nameof(ReferenceRules.Every_config_map_that_is_referred_to_is_there), "kind: ConfigMap", "kind: ConfigMop" },
        { nameof(ReferenceRules.Every_secret_that_is_referred_to_is_documented), "key: connection-string", "key: connection" },
        { nameof(ReferenceRules.Every_secret_that_is_referred_to_is_documented), "name: grid-keys", "name: grid-key" },
        { nameof(ReferenceRules.Every_secret_that_is_referred_to_is_documented), "configMapRef:", "secretRef:" },
        {
            nameof(ReferenceRules.Every_secret_that_is_referred_to_is_documented),
            "      - emptyDir:\n          sizeLimit: 256Mi\n", "      - secret:\n          secretName: grid-other\n"
        },
        { nameof(ReferenceRules.Every_mount_has_its_volume), "          name: tmp\n", "          name: temp\n" },
        { nameof(ReferenceRules.Every_setting_is_documented), "Grid__Orleans__ClusterId", "Grid__Orleans__Cluster" },
        { nameof(ReferenceRules.Settings_of_the_gateway_are_settings_it_has), "Grid__Gateway__ApiKeys__0", "Grid__Gateway__Keys__0" },
    };

    [Theory]
    [MemberData(nameof(Rules))]
    public void A_rule_holds_for_an_overlay(string overlay, string rule) => Assert.Empty(Rule.All[rule](Rendered.Read(overlay)));

    [Theory]
    [MemberData(nameof(Breaks))]
    public void A_rule_sees_what_breaks_it(string rule, string whole, string broken)
    {
        var text = Rendered.Text("production");
        Assert.Contains(whole, text, StringComparison.Ordinal);

        Assert.NotEmpty(Rule.All[rule](Overlay.Parse(text.Replace(whole, broken, StringComparison.Ordinal))));
    }

    [Fact]
    public void Every_rule_is_broken_by_something() =>
        Assert.Empty(Rule.All.Keys.Except(Breaks.Select(row => row.Data.Item1)));

    [Fact]
    public void Settings_of_the_orleans_host_are_settings_it_has()
    {
        const string Prefix = "Grid__Orleans__";

        var documented = DeploymentPage.Settings.Where(name => name.StartsWith(Prefix, StringComparison.Ordinal)).ToList();

        Assert.NotEmpty(documented);
        Assert.All(documented, name => Assert.True(Has(typeof(GridClusterOptions), name[Prefix.Length..].Split("__")), name));
        Assert.False(Has(typeof(GridClusterOptions), ["Azure", "Tabel"]));
    }

    /// <summary>Pods start with these settings: nothing is missing but what Secrets hold, which is put in its place here.</summary>
    [Theory]
    [MemberData(nameof(Rendered.Overlays), MemberType = typeof(Rendered))]
    public void Settings_of_an_overlay_are_accepted_by_the_program(string name)
    {
        var overlay = Rendered.Read(name);
        foreach (var workload in overlay.Workloads.Where(one => one.IsGrid))
        {
            var settings = workload.Containers.SelectMany(overlay.Environment)
                .Select(one => KeyValuePair.Create(
                    one.Name.Replace("__", ":", StringComparison.Ordinal), one.Name == "POD_IP" ? "10.0.3.7" : one.Value ?? "Host=db"));
            var configuration = new ConfigurationBuilder().AddInMemoryCollection(settings!).Build();

            var refused = Record.Exception(() => configuration.ReadGridCluster(client: workload.Name == "grid-gateway"));

            // The files of a mounted Secret are not on this machine.
            var faults = refused is OptionsValidationException all ? all.Failures : refused is null ? [] : [refused.Message];
            Assert.All(faults, fault =>
                Assert.Matches("^Grid:Orleans:Tls:(Certificate|Key|Authority): there is no file '/tls/(tls.crt|tls.key|ca.crt)'", fault));
            Assert.Equal(configuration["Grid:Orleans:Tls:Enabled"] == "true", faults.Any());
        }
    }

    [Fact]
    public void Azure_overlay_uses_a_managed_identity_and_no_key()
    {
        var overlay = Rendered.Read("azure");

        foreach (var workload in overlay.Workloads.Where(one => one.IsGrid))
        {
            var environment = workload.Containers.SelectMany(overlay.Environment).Select(one => one.Name).ToList();
            Assert.Contains("Grid__Orleans__Azure__TableServiceUri", environment);
            Assert.DoesNotContain(environment, name => name.EndsWith("ConnectionString", StringComparison.Ordinal));
            Assert.Equal("true", workload.PodLabels["azure.workload.identity/use"]);
            Assert.NotEmpty(overlay.Find("ServiceAccount", workload.Pod["serviceAccountName"].Text)
                .At("metadata.annotations")["azure.workload.identity/client-id"].Text!);
        }

        Assert.False(overlay.Find("NetworkPolicy", "grid-postgres").IsThere);
    }

    [Fact]
    public void The_page_lists_no_setting_and_no_secret_that_nothing_reads()
    {
        var overlays = Rendered.Overlays.Select(overlay => Rendered.Read(overlay.Data)).ToList();
        var settings = overlays.SelectMany(overlay => overlay.Workloads.Where(one => one.IsGrid).SelectMany(one => one.Containers).SelectMany(overlay.Environment))
            .Select(one => DeploymentPage.Unnumbered(one.Name));
        var secrets = overlays.SelectMany(overlay => overlay.Workloads).SelectMany(one => one.Containers).SelectMany(one => one["env"].Items)
            .Select(one => one.At("valueFrom.secretKeyRef")).Where(one => one.IsThere).Select(one => (one["name"].Text!, one["key"].Text!))
            .Concat(overlays.SelectMany(ReferenceRules.MountedSecrets));

        Assert.Empty(DeploymentPage.Settings.Except(settings));
        Assert.Empty(DeploymentPage.Secrets.Except(secrets));
    }

    /// <summary>Whether a path of names leads to a setting.</summary>
    private static bool Has(Type options, string[] path) =>
        options.GetProperty(path[0], BindingFlags.Public | BindingFlags.Instance) is { } property
            && (path.Length == 1 || path[1] == "N" || Has(property.PropertyType, path[1..]));
}
