using Grid.Features.Expressions;

namespace Grid.Features.Definitions.Kinds;

/// <summary>The names in an expression over features: the other features of the kind. Resolving a name reads that feature first.</summary>
/// <param name="kind">The kind's name.</param>
/// <param name="features">All features of the kind, by short name.</param>
/// <param name="read">Reads a feature if necessary; false if it is already being read: the expression depends on itself.</param>
internal sealed class FeatureScope(string kind, IReadOnlyDictionary<string, FeatureDraft> features, Func<FeatureDraft, bool> read)
    : DefinitionScope
{
    private readonly List<FeatureDraft> _inputs = [];

    public override IEnumerable<string> Names => features.Keys;

    /// <summary>The features that the expression reads, in the order of its inputs.</summary>
    public IReadOnlyList<FeatureDraft> Inputs => _inputs;

    public override bool TryResolve(string name, out ExpressionName found)
    {
        var prefix = kind.Length + 1;
        var shortName = name.Length > prefix && name.StartsWith(kind + ".", StringComparison.Ordinal) ? name[prefix..] : name;
        if (!features.TryGetValue(shortName, out var feature))
        {
            found = default;
            return false;
        }

        SawBroken |= !read(feature) || feature.Plan is null;
        var index = _inputs.IndexOf(feature);
        if (index < 0)
        {
            index = _inputs.Count;
            _inputs.Add(feature);
        }

        found = ExpressionName.OfInput(feature.Type, index, feature.Plan?.IsInteger ?? false);
        return true;
    }
}
