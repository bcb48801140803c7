namespace Grid.Features.Plans;

/// <summary>The compiled events and entities of a bundle: names are resolved to numbers, and nothing is looked up at run time.</summary>
internal sealed class DefinitionPlan
{
    public required IReadOnlyList<EventPlan> Events { get; init; }

    public required IReadOnlyList<KindPlan> Kinds { get; init; }
}
