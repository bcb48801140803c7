using Grid.Features.Definitions.Events;
using Grid.Features.Definitions.Kinds;
using Grid.Features.Definitions.Sources;
using Grid.Features.Definitions.Yaml;
using Grid.Features.Plans;

namespace Grid.Features.Definitions;

/// <summary>The definitions of a bundle. If diagnostics were reported, parts are missing and the plan must not be used.</summary>
internal sealed record ReadDefinitions(
    IReadOnlyList<EventPlan> Events, IReadOnlyList<KindDefinition> Kinds, IReadOnlyList<SourcePlan> Sources)
{
    public DefinitionPlan ToPlan() => new() { Events = Events, Kinds = [.. Kinds.Select(kind => kind.Plan)] };
}

/// <summary>Reads the sections <c>events</c>, <c>entities</c> and <c>sources</c> of a bundle.</summary>
internal static class DefinitionReader
{
    /// <param name="root">The root mapping of the bundle.</param>
    /// <param name="owned">The events on which kinds own decisions.</param>
    /// <param name="faults">Receives diagnostics.</param>
    public static ReadDefinitions Read(MapReader root, IReadOnlyCollection<Ownership> owned, DiagnosticList faults)
    {
        const string ExpectedEvents = "a mapping of event names to their definitions";
        const string ExpectedEntities = "a mapping of kinds to their features";
        root.Require("events", ExpectedEvents);
        root.Require("entities", ExpectedEntities);
        var entities = root.Section("entities", ExpectedEntities) ?? Nothing(root.Map);
        var kinds = entities.Entries.Select(entry => entry.Name).ToList();
        var events = new EventsReader(faults).Read(root.Section("events", ExpectedEvents) ?? Nothing(root.Map), kinds);
        var retention = root.Duration(KindReader.RetentionKey);
        var definitions = KindsReader.Read(entities, events, owned, retention, faults);
        var sources = root.Section("sources", "a mapping of source names to their definitions") ?? Nothing(root.Map);
        return new(events, definitions, new SourcesReader(events, faults).Read(sources));
    }

    private static YamlMap Nothing(YamlMap near) => new(near.Mark, near.Path, []);
}
