using System.Collections.Immutable;

namespace Grid.Decisions.Plans;

/// <summary>The fallback model of a decision, which scores where a feature of the vector timed out. What it takes itself is never late.</summary>
/// <param name="Model">The model. It gives as many numbers for a row as the decision's own.</param>
/// <param name="Elements">Its vector: places in <see cref="DecisionPlan.Vector"/>, in the model's order.</param>
/// <param name="From">It scores where an element of the decision's vector has this source or a worse one.</param>
internal sealed record FallbackModelPlan(ModelPlan Model, ImmutableArray<int> Elements, FeatureSource From);
