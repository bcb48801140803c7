using Grid.Features.Expressions;
using Grid.Features.Plans;

namespace Grid.Features.Definitions.Kinds;

/// <summary>The result of reading a kind: its plan, the types of its features, and the names of features with diagnostics.</summary>
internal sealed record KindDefinition(KindPlan Plan, IReadOnlyDictionary<string, ExpressionType> Types, IReadOnlySet<string> Broken);
