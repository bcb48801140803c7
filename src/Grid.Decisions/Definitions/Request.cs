using Grid.Features.Definitions.Kinds;
using Grid.Features.Plans;

namespace Grid.Decisions.Definitions;

/// <summary>
/// The input of a decision: its event, the kind that owns it, and every kind that the event has a key of, with the slot of that key.
/// </summary>
/// <param name="On">The requesting event.</param>
/// <param name="Owner">The kind that owns the decision.</param>
/// <param name="Kinds">The kinds that the event has a key of, by name.</param>
/// <param name="OtherKinds">Names of the kinds that the event has no key of.</param>
internal sealed record Request(
    EventPlan On, KindDefinition Owner, IReadOnlyDictionary<string, (KindDefinition Kind, int KeySlot)> Kinds, IReadOnlySet<string> OtherKinds)
{
    /// <summary>
    /// The candidates, if the decision ranks: their fields then follow those of the event in <see cref="On"/>, and their kinds are in
    /// <see cref="Kinds"/>.
    /// </summary>
    public CandidatesDraft? Candidates { get; init; }

    /// <summary>The requesting event as declared.</summary>
    public EventPlan Asked => Candidates?.Asked ?? On;

    /// <summary>The diagnostic for a feature of a kind that the event has no key of; null for any other feature.</summary>
    public string? MissingKeyOf(string feature)
    {
        var kind = feature.Split('.')[0];
        return OtherKinds.Contains(kind) && feature.Length > kind.Length
            ? $"'{On.Name}' has no key of kind {kind}, so features of {kind} cannot be read here; "
                + $"add '{kind}: <the field that holds its key>' to the event's 'keys'."
            : null;
    }

    /// <summary>Full names of the features that the decision may read: the owner's first.</summary>
    public IEnumerable<string> FeatureNames =>
        Kinds.Values.OrderBy(kind => kind.Kind != Owner).SelectMany(kind => kind.Kind.Plan.Features).Select(feature => feature.FullName);

    public IEnumerable<string> FieldNames => On.Fields.Where(sent => sent.IsSent).Select(sent => sent.Name);
}
