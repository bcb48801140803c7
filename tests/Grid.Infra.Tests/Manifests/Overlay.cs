using YamlDotNet.RepresentationModel;

namespace Grid.Infra.Tests.Manifests;

/// <summary>What an overlay is rendered to: everything that would be applied to a cluster.</summary>
internal sealed class Overlay
{
    private static readonly string[] WorkloadKinds = ["Deployment", "StatefulSet", "DaemonSet", "Job"];

    private Overlay(IReadOnlyList<Node> all) => All = all;

    public IReadOnlyList<Node> All { get; }

    public IEnumerable<Workload> Workloads => All.Where(one => WorkloadKinds.Contains(one["kind"].Text)).Select(one => new Workload(one));

    public static Overlay Parse(string yaml)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(yaml));
        return new([.. stream.Documents.Select(document => new Node(document.RootNode))]);
    }

    public IEnumerable<Node> OfKind(string kind) => All.Where(one => one["kind"].Text == kind);

    public Node Find(string kind, string? name) => OfKind(kind).FirstOrDefault(one => NameOf(one) == name);

    /// <summary>The workloads that a selector's <c>matchLabels</c> (or a service's <c>selector</c>) takes.</summary>
    public IEnumerable<Workload> Selected(Node labels)
    {
        var wanted = labels.Texts;
        return wanted.Count == 0 ? [] : Workloads.Where(one => wanted.All(label => one.PodLabels.TryGetValue(label.Key, out var value) && value == label.Value));
    }

    /// <summary>What a container's environment is made of: name and value; a value from a secret or a field is null.</summary>
    public IEnumerable<(string Name, string? Value)> Environment(Node container)
    {
        foreach (var from in container["envFrom"].Items)
        {
            foreach (var (name, value) in Find("ConfigMap", from.At("configMapRef.name").Text)["data"].Members)
            {
                yield return (name, value.Text);
            }
        }

        foreach (var one in container["env"].Items)
        {
            yield return (one["name"].Text!, one["value"].Text);
        }
    }

    public static string NameOf(Node manifest) => manifest.At("metadata.name").Text ?? "(no name)";
}

/// <summary>Something that makes pods.</summary>
internal sealed class Workload(Node manifest)
{
    public Node Manifest => manifest;

    public string Kind => manifest["kind"].Text!;

    public string Name => Overlay.NameOf(manifest);

    public Node Pod => manifest.At("spec.template.spec");

    public IReadOnlyDictionary<string, string> PodLabels => manifest.At("spec.template.metadata.labels").Texts;

    public IEnumerable<Node> Containers => [.. Pod["containers"].Items, .. Pod["initContainers"].Items];

    /// <summary>Every container port, by its name.</summary>
    public IReadOnlyDictionary<string, int> Ports => Containers.SelectMany(container => container["ports"].Items)
        .ToDictionary(port => port["name"].Text ?? "", port => port["containerPort"].Number ?? 0, StringComparer.Ordinal);

    /// <summary>Whether the program is the grid's own, not a database beside it.</summary>
    public bool IsGrid => PodLabels.GetValueOrDefault("app.kubernetes.io/name") == "grid";

    /// <summary>True where a port, by name or by number, is one that the pods open.</summary>
    public bool Opens(Node port) => port.Number is { } number ? Ports.Values.Contains(number) : Ports.ContainsKey(port.Text ?? "");

    public override string ToString() => $"{Kind} {Name}";
}
