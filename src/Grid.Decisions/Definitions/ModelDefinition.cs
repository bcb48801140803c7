using Grid.Decisions.Plans;
using Grid.Features.Definitions.Yaml;

namespace Grid.Decisions.Definitions;

/// <summary>A model that was read: its plan, or null where it is at fault (told), and where it is defined.</summary>
internal sealed record ModelDefinition(string Name, YamlValue At, ModelPlan? Plan);
