using Grid.Decisions.Plans;
using Grid.Features.Definitions;
using Grid.Features.Definitions.Kinds;
using Grid.Features.Definitions.Yaml;
using Grid.Features.Naming;

namespace Grid.Decisions.Definitions;

/// <summary>Reads and compiles bundles, as specified in <c>docs/formats/bundle.md</c>.</summary>
public static class BundleReader
{
    private const string ExpectedDecisions = "a mapping of decision names to their definitions";

    private static readonly string[] Keys =
        ["bundle", "version", KindReader.RetentionKey, "events", "entities", "models", "decisions", "sources"];


    /// <summary>Reads the YAML files at the top level of a folder (sections may be split over several files) and compiles them.</summary>
    /// <param name="folder">The bundle's folder.</param>
    /// <param name="overrides">Overrides of the bundle's definitions; null for none.</param>
    /// <exception cref="BundleException">The bundle is invalid. The exception contains all diagnostics.</exception>
    public static Bundle Read(string folder, BundleOverrides? overrides = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        var faults = new DiagnosticList();
        var bundle = Read(Path.GetFullPath(folder), overrides ?? new(), faults);
        return faults.IsEmpty ? bundle! : throw new BundleException(folder, faults.Ordered);
    }

    private static Bundle? Read(string folder, BundleOverrides overrides, DiagnosticList faults)
    {
        var files = BundleFiles.Open(folder, faults);
        if (!faults.IsEmpty || files.Read(faults) is not { } map)
        {
            return null;
        }

        new MapReader(map, faults).Only(Keys);
        var root = new MapReader(Mended(map), faults);
        var name = Word(root, "bundle", "a name such as fraud", faults);
        var version = Word(root, "version", "a version such as 1.0.0", faults);
        var decisions = root.Section("decisions", ExpectedDecisions)?.Entries ?? [];
        var definitions = DefinitionReader.Read(root, Owned(decisions), faults);
        var models = new ModelsReader(folder, faults);
        var plans = Decisions(decisions, definitions, models, root, overrides, faults);
        if (!faults.IsEmpty)
        {
            return null;
        }

        var full = $"{version}+{files.Hash(models.All.Select(model => model.Plan!.File))}";
        var plan = definitions.ToPlan();
        return new(plan, plans, definitions.Sources)
        {
            Name = name!,
            Version = full,
            Folder = folder,
            Schema = SchemaMaker.Make(name!, full, plan, plans),
        };
    }

    private static List<DecisionPlan> Decisions(
        IReadOnlyList<YamlEntry> decisions,
        ReadDefinitions definitions,
        ModelsReader models,
        MapReader root,
        BundleOverrides overrides,
        DiagnosticList faults)
    {
        var named = root.Section("models", "a mapping of model names to their definitions") is { } section
            ? models.Read(section)
            : new Dictionary<string, ModelDefinition>();
        var instead = new OverrideReader(overrides, faults).Read([.. decisions.Select(entry => entry.Name)], named);
        var check = new ModelCheck(faults);
        var reader = new DecisionReader(definitions, models, named, check, faults);
        var plans = new List<DecisionPlan>();
        foreach (var entry in decisions)
        {
            if (reader.Read(entry, plans.Count, instead.GetValueOrDefault(entry.Name)) is { } plan)
            {
                plans.Add(plan);
            }
        }

        check.CheckSpare(named.Values);
        return plans;
    }

    // Read before the decisions and without diagnostics, because kinds store the events of their decisions; diagnostics follow later.
    private static HashSet<Ownership> Owned(IReadOnlyList<YamlEntry> decisions) =>
    [
        .. decisions.Select(entry => entry.Value).OfType<YamlMap>()
            .Where(map => map["owner"] is YamlText && map["on"] is YamlText)
            .Select(map => new Ownership(((YamlText)map["owner"]!).Text, ((YamlText)map["on"]!).Text)),
    ];

    // A misspelt section already has a diagnostic; reading it as the most likely match avoids follow-up diagnostics.
    private static YamlMap Mended(YamlMap map)
    {
        var entries = new List<YamlEntry>();
        foreach (var entry in map.Entries)
        {
            var missing = Keys.Where(key => map[key] is null && entries.TrueForAll(read => read.Name != key));
            entries.Add(!Keys.Contains(entry.Name) && NearNames.Of(entry.Name, missing) is [var near, ..]
                ? new(new(entry.Key.Mark, entry.Key.Path, near, -1), entry.Value)
                : entry);
        }

        return new(map.Mark, map.Path, entries);
    }

    private static string? Word(MapReader root, string key, string expected, DiagnosticList faults)
    {
        if (root.RequiredText(key, expected) is not { } text)
        {
            return null;
        }

        if (text.Text.Length > 64 || !text.Text.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_'))
        {
            faults.Add(text, $"Expected {expected} of at most 64 letters, digits, dots, dashes and underscores, found {text.Words}.");
        }

        return text.Text;
    }
}
