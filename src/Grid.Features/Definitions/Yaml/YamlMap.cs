namespace Grid.Features.Definitions.Yaml;

/// <summary>A key and its value.</summary>
internal readonly record struct YamlEntry(YamlText Key, YamlValue Value)
{
    public string Name => Key.Text;
}

/// <summary>A mapping in source order, with unique keys.</summary>
internal sealed class YamlMap(YamlMark mark, string path, IReadOnlyList<YamlEntry> entries) : YamlValue(mark, path)
{
    public IReadOnlyList<YamlEntry> Entries { get; } = entries;

    public override string Words => "a mapping of keys to values";

    public YamlValue? this[string key]
    {
        get
        {
            foreach (var entry in Entries)
            {
                if (entry.Name == key)
                {
                    return entry.Value;
                }
            }

            return null;
        }
    }
}
