using System.Globalization;
using YamlDotNet.RepresentationModel;

namespace Grid.Infra.Tests.Manifests;

/// <summary>A place in a YAML document, which may be empty; what is below an empty place is empty too.</summary>
internal readonly struct Node(YamlNode? yaml)
{
    public bool IsThere => yaml is not null;

    public string? Text => (yaml as YamlScalarNode)?.Value;

    public int? Number => int.TryParse(Text, NumberStyles.Integer, CultureInfo.InvariantCulture, out var number) ? number : null;

    public IEnumerable<Node> Items => yaml is YamlSequenceNode list ? list.Children.Select(child => new Node(child)) : [];

    public IEnumerable<(string Name, Node Value)> Members =>
        yaml is YamlMappingNode map ? map.Children.Select(pair => (((YamlScalarNode)pair.Key).Value!, new Node(pair.Value))) : [];

    /// <summary>The members of a flat map of texts, such as labels.</summary>
    public IReadOnlyDictionary<string, string> Texts => Members.ToDictionary(member => member.Name, member => member.Value.Text ?? "", StringComparer.Ordinal);

    public Node this[string name] => yaml is YamlMappingNode map && map.Children.TryGetValue(new YamlScalarNode(name), out var child) ? new(child) : default;

    /// <summary>The place at the end of a path such as <c>spec.template.metadata</c>.</summary>
    public Node At(string path) => path.Split('.').Aggregate(this, (node, name) => node[name]);
}
