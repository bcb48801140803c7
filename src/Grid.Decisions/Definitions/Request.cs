using Grid.Features;
using Grid.Features.Definitions;

namespace Grid.Decisions.Definitions;

/// <summary>
/// What a decision is about: the event that asks, the kind that owns it, and every kind that the event tells, with the slot of its key.
/// </summary>
/// <param name="On">The event that asks.</param>
/// <param name="Owner">The kind that owns the decision.</param>
/// <param name="Told">By name, the kinds that the event tells.</param>
/// <param name="Deaf">Names of the kinds that the event does not tell.</param>
internal sealed record Request(
    EventPlan On, KindDefinition Owner, IReadOnlyDictionary<string, (KindDefinition Kind, int KeySlot)> Told, IReadOnlySet<string> Deaf)
{
    /// <summary>What is ranked, where something is: its fields are then behind those of the event in <see cref="On"/>, its kinds in <see cref="Told"/>.</summary>
    public CandidatesDraft? Candidates { get; init; }

    /// <summary>The event that asks, as it is declared.</summary>
    public EventPlan Asked => Candidates?.Asked ?? On;

    /// <summary>Why a feature may not be read, where that is because the event does not tell its kind; null otherwise.</summary>
    public string? WhyDeaf(string feature)
    {
        var kind = feature.Split('.')[0];
        return Deaf.Contains(kind) && feature.Length > kind.Length
            ? $"'{On.Name}' does not tell {kind}, so nothing of it can be read here; "
                + $"add '{kind}: <the field that holds its key>' to the event's 'tells'."
            : null;
    }

    /// <summary>Full names of the features that the decision may read: the owner's first.</summary>
    public IEnumerable<string> FeatureNames =>
        Told.Values.OrderBy(told => told.Kind != Owner).SelectMany(told => told.Kind.Plan.Features).Select(feature => feature.FullName);

    public IEnumerable<string> FieldNames => On.Fields.Where(sent => sent.IsSent).Select(sent => sent.Name);
}
