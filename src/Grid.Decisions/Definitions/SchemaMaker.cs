using Grid.Decisions.Plans;
using Grid.Features.Plans;

namespace Grid.Decisions.Definitions;

/// <summary>Creates the schema of a bundle for callers.</summary>
internal static class SchemaMaker
{
    public static GridSchema Make(string bundle, string version, DefinitionPlan definitions, IReadOnlyList<DecisionPlan> decisions) => new(
        bundle,
        version,
        [.. definitions.Events.Select(plan => Event(plan, definitions))],
        [.. definitions.Kinds.Select(kind => new KindSchema(kind.Name, [.. kind.Features.Select(Feature)]))],
        [.. decisions.Select(Decision)]);

    private static EventSchema Event(EventPlan plan, DefinitionPlan definitions) => new(
        plan.Name,
        plan.Fields[plan.IdSlot].Name,
        plan.Fields[plan.TimeSlot].Name,
        [.. plan.Fields.Where(sent => sent.IsSent).Select(Field)],
        plan.Label is { } label ? definitions.Events[label.Target].Name : null);

    private static FieldSchema Field(FieldPlan sent) => new(sent.Name, sent.Type, sent.Scale, sent.Required, sent.Min, sent.Max);

    private static FeatureSchema Feature(FeaturePlan feature)
    {
        var isWhole = feature.Aggregation == Aggregation.None || feature.WindowMilliseconds == FeaturePlan.WholeHistory;
        return new(feature.Name, feature.Definition, isWhole ? null : feature.WindowMilliseconds, feature.DelayMilliseconds);
    }

    private static DecisionSchema Decision(DecisionPlan decision) => new(
        decision.Name,
        decision.On.Name,
        decision.Owner.Name,
        [.. decision.Vector.Select(entry => entry.Name)],
        decision.Model.Name,
        [.. decision.Rules.Append(decision.Fallback).Select(rule => rule.Action).Distinct(StringComparer.Ordinal)],
        [.. decision.Outputs.Select(output => output.Name)],
        decision.Candidates is { } ranked
            ? new(ranked.Kind.Name, ranked.Fields.Fields[ranked.Fields.IdSlot].Name, ranked.Most, [.. ranked.Fields.Fields.Select(Field)])
            : null);
}
