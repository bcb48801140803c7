namespace Grid.Features.Definitions.Yaml;

/// <summary>Merges the files of a bundle: a section may be split over several files.</summary>
internal static class YamlFiles
{
    /// <summary>Merges the root mappings of all files. Reports duplicates and keeps the first.</summary>
    public static YamlMap Join(IReadOnlyList<YamlMap> files, DiagnosticList faults) => Join(files, faults, depth: 0);

    // At the root, sections with the same name are merged recursively; within a section, names are unique.
    private static YamlMap Join(IReadOnlyList<YamlMap> parts, DiagnosticList faults, int depth)
    {
        var entries = new List<YamlEntry>();
        foreach (var same in parts.SelectMany(part => part.Entries).GroupBy(entry => entry.Name, StringComparer.Ordinal))
        {
            var (first, others) = (same.First(), same.Skip(1).ToList());
            if (depth == 0 && others.Count > 0 && same.All(entry => entry.Value is YamlMap))
            {
                entries.Add(new(first.Key, Join([.. same.Select(entry => (YamlMap)entry.Value)], faults, depth + 1)));
                continue;
            }

            entries.Add(first);
            foreach (var other in others)
            {
                faults.Add(
                    other.Key, $"{other.Key.Words} is in {first.Key.Mark.File}({first.Key.Mark.Line}) already; give this one another "
                    + "name, or leave one out.");
            }
        }

        return new(parts[0].Mark, parts[0].Path, entries);
    }
}
