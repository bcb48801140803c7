namespace Grid.Features.Definitions.Yaml;

/// <summary>A location in a file; line and column are counted from 1.</summary>
internal readonly record struct YamlMark(string File, int Line, int Column);
