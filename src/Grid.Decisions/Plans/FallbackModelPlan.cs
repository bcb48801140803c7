using System.Collections.Immutable;

namespace Grid.Decisions.Plans;

/// <summary>The fallback model of a decision, which scores if a feature of the vector timed out. Its own features never time out.</summary>
/// <param name="Model">The model. It returns as many numbers per row as the decision's own model.</param>
/// <param name="Elements">Its vector: indexes into <see cref="DecisionPlan.Vector"/>, in the model's order.</param>
/// <param name="From">It scores if an element of the decision's vector has this feature source or a worse one.</param>
internal sealed record FallbackModelPlan(ModelPlan Model, ImmutableArray<int> Elements, FeatureSource From);
