using System.Text.RegularExpressions;
using Grid.Infra.Tests.Manifests;

namespace Grid.Infra.Tests.Rules;

/// <summary>What a container may do: as little as it can.</summary>
internal static partial class SecurityRules
{
    public static IEnumerable<string> Containers_have_no_rights_they_do_not_need(Overlay overlay)
    {
        foreach (var workload in overlay.Workloads)
        {
            var pod = workload.Pod["securityContext"];
            foreach (var (path, expected) in new[] { ("runAsNonRoot", "true"), ("seccompProfile.type", "RuntimeDefault") })
            {
                if (pod.At(path).Text != expected)
                {
                    yield return $"{workload}: securityContext.{path} is not {expected}.";
                }
            }

            if (pod["runAsUser"].Number is null or 0 || pod["runAsGroup"].Number is null or 0)
            {
                yield return $"{workload}: runAsUser and runAsGroup are to be numbers above 0.";
            }

            foreach (var container in workload.Containers)
            {
                var rights = container["securityContext"];
                if (rights["readOnlyRootFilesystem"].Text != "true" || rights["allowPrivilegeEscalation"].Text != "false"
                    || !rights.At("capabilities.drop").Items.Any(one => one.Text == "ALL") || rights.At("capabilities.add").IsThere
                    || rights["privileged"].Text == "true" || rights["runAsUser"].IsThere || rights["runAsNonRoot"].IsThere)
                {
                    yield return $"{workload}: container {container["name"].Text} is not read-only, without escalation and with every capability dropped.";
                }

                if (!container["volumeMounts"].Items.Any(mount => mount["mountPath"].Text == "/tmp"))
                {
                    yield return $"{workload}: container {container["name"].Text} is read-only and has no /tmp of its own.";
                }
            }

            if (new[] { "hostNetwork", "hostPID", "hostIPC" }.Any(name => workload.Pod[name].IsThere)
                || workload.Pod["volumes"].Items.Any(volume => volume["hostPath"].IsThere) || workload.Containers.SelectMany(one => one["ports"].Items).Any(port => port["hostPort"].IsThere))
            {
                yield return $"{workload}: it reaches into its node.";
            }
        }
    }

    public static IEnumerable<string> No_token_is_mounted_and_no_role_is_bound(Overlay overlay)
    {
        foreach (var workload in overlay.Workloads)
        {
            if (workload.Pod["automountServiceAccountToken"].Text != "false")
            {
                yield return $"{workload}: automountServiceAccountToken is not false.";
            }

            if (workload.IsGrid && overlay.Find("ServiceAccount", workload.Pod["serviceAccountName"].Text)["automountServiceAccountToken"].Text != "false")
            {
                yield return $"{workload}: it has no ServiceAccount of its own that mounts no token.";
            }
        }

        foreach (var right in overlay.All.Where(one => one["kind"].Text is "Role" or "RoleBinding" or "ClusterRole" or "ClusterRoleBinding"))
        {
            yield return $"{right["kind"].Text} {Overlay.NameOf(right)}: nothing here needs the Kubernetes API.";
        }
    }

    public static IEnumerable<string> No_secret_is_written_down(Overlay overlay)
    {
        foreach (var secret in overlay.OfKind("Secret"))
        {
            yield return $"Secret {Overlay.NameOf(secret)} is in the manifests; secrets are named here and made elsewhere.";
        }

        var values = overlay.Workloads.SelectMany(workload => workload.Containers).SelectMany(container => container["env"].Items)
            .Where(one => one["value"].IsThere).Select(one => (Name: one["name"].Text!, Value: one["value"].Text!))
            .Concat(overlay.OfKind("ConfigMap").Where(map => Overlay.NameOf(map) != "grid-dashboard")
                .SelectMany(map => map["data"].Members.Select(member => (member.Name, member.Value.Text!))));
        foreach (var (name, value) in values)
        {
            if (SecretName().IsMatch(name) || SecretValue().IsMatch(value))
            {
                yield return $"{name} holds a value in the open; it is to come from a Secret.";
            }
        }
    }

    public static IEnumerable<string> The_namespace_enforces_the_restricted_standard(Overlay overlay)
    {
        foreach (var one in overlay.All.Where(one => one["kind"].Text != "Namespace"))
        {
            var name = one.At("metadata.namespace").Text;
            if (overlay.Find("Namespace", name).At("metadata.labels")["pod-security.kubernetes.io/enforce"].Text != "restricted")
            {
                yield return $"{one["kind"].Text} {Overlay.NameOf(one)}: its namespace '{name}' is not here, or not restricted.";
            }
        }
    }

    public static IEnumerable<string> An_image_is_named_with_its_version(Overlay overlay)
    {
        foreach (var workload in overlay.Workloads)
        {
            foreach (var image in workload.Containers.Select(container => container["image"].Text ?? ""))
            {
                if (!PinnedImage().IsMatch(image) || image.EndsWith(":latest", StringComparison.Ordinal))
                {
                    yield return $"{workload}: image '{image}' says no version.";
                }
            }
        }
    }

    [GeneratedRegex("password|secret|token|apikey|connectionstring", RegexOptions.IgnoreCase)]
    private static partial Regex SecretName();

    [GeneratedRegex("(password|pwd|accountkey|sharedaccesskey|sig)=", RegexOptions.IgnoreCase)]
    private static partial Regex SecretValue();

    [GeneratedRegex("^[a-z0-9./_-]+(:[A-Za-z0-9._-]+|@sha256:[0-9a-f]{64})$")]
    private static partial Regex PinnedImage();
}
