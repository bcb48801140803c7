using Grid.Features;
using Grid.Features.Definitions;

namespace Grid.Decisions.Definitions;

/// <summary>What a decision is about: the event that asks, the kind that owns it, and every kind that the event tells, with the slot of its key.</summary>
internal sealed record Request(EventPlan On, KindDefinition Owner, IReadOnlyDictionary<string, (KindDefinition Kind, int KeySlot)> Told)
{
    /// <summary>Full names of the features that the decision may read: the owner's first.</summary>
    public IEnumerable<string> FeatureNames =>
        Told.Values.OrderBy(told => told.Kind != Owner).SelectMany(told => told.Kind.Plan.Features).Select(feature => feature.FullName);

    public IEnumerable<string> FieldNames => On.Fields.Where(sent => !sent.IsLabel).Select(sent => sent.Name);
}
