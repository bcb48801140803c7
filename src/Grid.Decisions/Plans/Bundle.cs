using Grid.Features.Plans;

namespace Grid.Decisions.Plans;

/// <summary>A bundle after compilation: everything a host needs to serve it.</summary>
public sealed class Bundle
{
    internal Bundle(DefinitionPlan definitions, IReadOnlyList<DecisionPlan> decisions, IReadOnlyList<SourcePlan> sources) =>
        (Definitions, Decisions, Sources) = (definitions, decisions, sources);

    public required string Name { get; init; }

    /// <summary>The declared version and, after a plus sign, twelve hexadecimal digits of the hash of all its files: <c>1.0.0+9c01be2d43fa</c>.</summary>
    public required string Version { get; init; }

    /// <summary>The folder it was read from, as a full path.</summary>
    public required string Folder { get; init; }

    internal DefinitionPlan Definitions { get; }

    internal IReadOnlyList<DecisionPlan> Decisions { get; }

    /// <summary>How files of other makers become events, by name.</summary>
    internal IReadOnlyList<SourcePlan> Sources { get; }

    public required GridSchema Schema { get; init; }
}
