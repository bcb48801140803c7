namespace Grid.Features.Definitions.Yaml;

/// <summary>A value in a YAML file: its location, and the path of keys to it (<c>events.transaction.id</c>).</summary>
internal abstract class YamlValue(YamlMark mark, string path)
{
    public YamlMark Mark { get; } = mark;

    public string Path { get; } = path;

    /// <summary>A description for diagnostics.</summary>
    public abstract string Words { get; }
}
