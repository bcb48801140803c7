namespace Grid.Features.Plans;

/// <summary>The events and entities of a bundle, compiled: every name is a number by now, and nothing is looked up at run time.</summary>
internal sealed class DefinitionPlan
{
    public required IReadOnlyList<EventPlan> Events { get; init; }

    public required IReadOnlyList<KindPlan> Kinds { get; init; }
}
