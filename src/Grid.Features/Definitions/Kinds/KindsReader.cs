using Grid.Features.Definitions.Yaml;
using Grid.Features.Plans;

namespace Grid.Features.Definitions.Kinds;

/// <summary>A kind that owns a decision on an event, and therefore stores the event even if no feature reads it.</summary>
internal readonly record struct Ownership(string Kind, string Event);

/// <summary>Reads the entities of a bundle.</summary>
internal static class KindsReader
{
    public static IReadOnlyList<KindDefinition> Read(
        YamlMap entities, IReadOnlyList<EventPlan> events, IReadOnlyCollection<Ownership> owned, long? retention, DiagnosticList faults)
    {
        var kinds = new List<KindDefinition>();
        foreach (var entry in entities.Entries)
        {
            var keeps = events.Where(plan => owned.Contains(new(entry.Name, plan.Name)));
            kinds.Add(new KindReader(entry, kinds.Count, events, faults).Read(keeps, retention));
        }

        return kinds;
    }
}
