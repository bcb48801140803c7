using Grid.Decisions.Plans;
using Grid.Features.Definitions.Yaml;

namespace Grid.Decisions.Definitions;

/// <summary>The definition of a model: its plan (null if it is invalid, with a diagnostic) and its location.</summary>
internal sealed record ModelDefinition(string Name, YamlValue At, ModelPlan? Plan);
