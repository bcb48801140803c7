namespace Grid.Features.Definitions.Yaml;

/// <summary>Something in a YAML file: where it is, and the path of keys that leads to it (<c>events.transaction.id</c>).</summary>
internal abstract class YamlValue(YamlMark mark, string path)
{
    public YamlMark Mark { get; } = mark;

    public string Path { get; } = path;

    /// <summary>What it is, for the messages of faults.</summary>
    public abstract string Words { get; }
}
