using Grid.Features.Definitions;
using Grid.Features.Expressions;

namespace Grid.Decisions.Definitions;

/// <summary>
/// The names in on-demand features and policies: fields of the request, features of the entities with a key in the request, the vector
/// elements declared so far, and, for outputs and policies, the model's scores and the outputs declared so far.
/// </summary>
internal sealed class RequestScope(Request request, InputLayout layout, IReadOnlyList<string> columns) : DefinitionScope
{
    /// <summary>The name of the model's score in a policy.</summary>
    public const string ScoreName = "score";

    // By name; the type is None if the feature has a diagnostic.
    private readonly Dictionary<string, (ExpressionType Type, bool IsInteger)> _onDemand = new(StringComparer.Ordinal);

    private readonly Dictionary<string, (ExpressionType Type, bool IsInteger)> _outputs = new(StringComparer.Ordinal);

    // On-demand features computed from features of entities other than the owner.
    private readonly HashSet<string> _ofOthers = new(StringComparer.Ordinal);

    private readonly SortedSet<int> _used = [];

    /// <summary>Indexes of the inputs that the most recent expression uses.</summary>
    public IReadOnlyCollection<int> Used => _used;

    /// <summary>Whether the most recent expression uses features of entities other than the owner, which may time out.</summary>
    public bool UsesOthers { get; private set; }

    /// <summary>Whether the score can be used.</summary>
    public bool HasScore { get; set; }

    public override IEnumerable<string> Names =>
        [.. HasScore ? columns.Prepend(ScoreName) : [], .. _outputs.Keys, .. _onDemand.Keys, .. request.FieldNames, .. request.FeatureNames];

    /// <summary>
    /// Declares an on-demand feature with the most recent expression, so that later expressions can use it. The expression is null if it is
    /// invalid.
    /// </summary>
    public void Declare(string onDemand, CompiledExpression? expression)
    {
        _onDemand[onDemand] = TypeOf(expression);
        if (UsesOthers)
        {
            _ofOthers.Add(onDemand);
        }
    }

    /// <summary>Whether an on-demand feature uses features of entities other than the owner.</summary>
    public bool IsOfOthers(string onDemand) => _ofOthers.Contains(onDemand);

    public void DeclareOutput(string output, CompiledExpression? expression) => _outputs[output] = TypeOf(expression);

    public override void Begin()
    {
        base.Begin();
        UsesOthers = false;
        _used.Clear();
    }

    public override bool TryResolve(string name, out ExpressionName found)
    {
        var resolved = Resolve(name, out found);
        if (resolved && found.Field is null)
        {
            _used.Add(found.Index);
        }

        return resolved;
    }

    private bool Resolve(string name, out ExpressionName found)
    {
        if (HasScore && name == ScoreName)
        {
            found = ExpressionName.OfInput(ExpressionType.Number, layout.Score);
            return true;
        }

        for (var i = 0; HasScore && i < columns.Count; i++)
        {
            if (columns[i] == name)
            {
                found = ExpressionName.OfInput(ExpressionType.Number, layout.Score + i);
                return true;
            }
        }

        if (_outputs.TryGetValue(name, out var made))
        {
            found = Input(made, layout.Output(name));
            return true;
        }

        if (_onDemand.TryGetValue(name, out var computed))
        {
            UsesOthers |= _ofOthers.Contains(name);
            found = Input(computed, layout.OnDemand(name));
            return true;
        }

        var dot = name.IndexOf('.', StringComparison.Ordinal);
        if (dot <= 0)
        {
            return TryField(name, out found);
        }

        var (before, after) = (name[..dot], name[(dot + 1)..]);
        return TryFeature(before, after, out found) || (before == request.On.Name && TryField(after, out found));
    }

    private static (ExpressionType Type, bool IsInteger) TypeOf(CompiledExpression? expression) =>
        expression is null ? (ExpressionType.None, false) : (expression.Type, expression.IsInteger);

    private ExpressionName Input((ExpressionType Type, bool IsInteger) computed, int index)
    {
        SawBroken |= computed.Type == ExpressionType.None;
        return ExpressionName.OfInput(computed.Type == ExpressionType.None ? ExpressionType.Number : computed.Type, index, computed.IsInteger);
    }

    private bool TryField(string name, out ExpressionName found) =>
        TryField(request.On, name, "at the moment of the decision nobody knows it", out found);

    private bool TryFeature(string kind, string feature, out ExpressionName found)
    {
        found = ExpressionName.OfInput(ExpressionType.Number, 0);
        if (!request.Kinds.TryGetValue(kind, out var read))
        {
            var why = request.MissingKeyOf($"{kind}.{feature}");
            SawRefused ??= why;
            return why is not null;
        }

        if (read.Kind.Broken.Contains(feature))
        {
            SawBroken = true;
            return true;
        }

        if (read.Kind.Plan.Features.FirstOrDefault(known => known.Name == feature) is not { } plan)
        {
            return false;
        }

        UsesOthers |= read.Kind != request.Owner;
        found = ExpressionName.OfInput(read.Kind.Types[feature], layout.Feature(read.Kind.Plan, plan.Ordinal), plan.IsInteger);
        return true;
    }
}
