using System.Collections.Immutable;

namespace Grid.Decisions;

/// <summary>The smaller model of a decision, which scores where something of the vector has come too late. What it takes itself is never late.</summary>
/// <param name="Model">The model. It gives as many numbers for a row as the decision's own.</param>
/// <param name="Elements">Its vector: places in <see cref="DecisionPlan.Vector"/>, in the model's order.</param>
/// <param name="From">It scores where an element of the decision's vector stands on this rung or on a worse one.</param>
internal sealed record FallbackModelPlan(ModelPlan Model, ImmutableArray<int> Elements, FeatureSource From);
