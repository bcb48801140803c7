using Grid.Features.Plans;

namespace Grid.Decisions.Plans;

/// <summary>A compiled bundle: everything a host needs to serve it.</summary>
public sealed class Bundle
{
    internal Bundle(DefinitionPlan definitions, IReadOnlyList<DecisionPlan> decisions, IReadOnlyList<SourcePlan> sources) =>
        (Definitions, Decisions, Sources) = (definitions, decisions, sources);

    public required string Name { get; init; }

    /// <summary>
    /// The declared version, a plus sign and twelve hexadecimal digits of the hash of all files: <c>1.0.0+9c01be2d43fa</c>.
    /// </summary>
    public required string Version { get; init; }

    /// <summary>The full path of the bundle's folder.</summary>
    public required string Folder { get; init; }

    internal DefinitionPlan Definitions { get; }

    internal IReadOnlyList<DecisionPlan> Decisions { get; }

    /// <summary>The mappings of third-party files to events, by name.</summary>
    internal IReadOnlyList<SourcePlan> Sources { get; }

    public required GridSchema Schema { get; init; }
}
