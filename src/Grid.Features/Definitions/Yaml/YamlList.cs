namespace Grid.Features.Definitions.Yaml;

/// <summary>A sequence.</summary>
internal sealed class YamlList(YamlMark mark, string path, IReadOnlyList<YamlValue> items) : YamlValue(mark, path)
{
    public IReadOnlyList<YamlValue> Items { get; } = items;

    public override string Words => "a list";
}
