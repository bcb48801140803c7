using System.Collections.Frozen;

namespace Grid.Orleans;

/// <summary>Where the owner of a request is found: its kind, and the field that holds its key; and whether the decision ranks candidates.</summary>
internal sealed record OwnerRoute(string Event, string Kind, string Field, bool Ranks);

/// <summary>Where an event's first entity is found, and what a label amends.</summary>
internal sealed record EventRoute(string IdField, string? Labels, IReadOnlyList<(string Kind, string Field)> Told);

/// <summary>A description, made ready to be looked into at each call.</summary>
internal sealed class Routes(GridDescription description)
{
    public GridDescription Description { get; } = description;

    public FrozenDictionary<string, OwnerRoute> Owners { get; } = description.Schema.Decisions.ToFrozenDictionary(
        decision => decision.Name,
        decision => new OwnerRoute(decision.Event, decision.OwnerKind, description.Owners[decision.Name], decision.Candidates is not null),
        StringComparer.Ordinal);

    public FrozenDictionary<string, EventRoute> Events { get; } = description.Schema.Events.ToFrozenDictionary(
        type => type.Type, type => new EventRoute(type.IdField, type.Labels, description.Told[type.Type]), StringComparer.Ordinal);

    public FrozenSet<string> Kinds { get; } = description.Schema.Kinds.Select(kind => kind.Kind).ToFrozenSet(StringComparer.Ordinal);
}
