using Grid.Features.Definitions;

namespace Grid.Decisions.Definitions;

/// <summary>The definition of a model: its plan (null if it is invalid, with a diagnostic) and its location.</summary>
internal sealed record ModelDefinition(string Name, YamlValue At, ModelPlan? Plan);
