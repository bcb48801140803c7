using Grid.Features.Expressions;
using Grid.Features.Plans;

namespace Grid.Features.Definitions.Kinds;

/// <summary>A kind that was read: its plan, the types of its features, and the names of those that were told to be at fault.</summary>
internal sealed record KindDefinition(KindPlan Plan, IReadOnlyDictionary<string, ExpressionType> Types, IReadOnlySet<string> Broken);
