using Grid.Models;

namespace Grid.Engine;

/// <summary>The models of a bundle's decisions, by the place of the decision.</summary>
/// <param name="Own">The one that scores.</param>
/// <param name="Fallbacks">The smaller one that scores where something has come too late; null where a decision has none.</param>
internal sealed record EngineModels(ModelSlot[] Own, ModelSlot?[] Fallbacks);
