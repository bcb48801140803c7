using Grid.Features.Expressions;
using Grid.Features.Definitions;

namespace Grid.Decisions.Definitions;

/// <summary>
/// The names of on-demand features and policies: fields of the request, features of the entities that the request tells, the vector's own
/// names that were declared so far, and, for outputs and policies, the model's scores and the outputs declared so far.
/// </summary>
internal sealed class RequestScope(Request request, InputLayout layout, IReadOnlyList<string> columns) : DefinitionScope
{
    /// <summary>What a policy calls the model's score.</summary>
    public const string ScoreName = "score";

    // By name; no type where the feature was told to be at fault.
    private readonly Dictionary<string, (ExpressionType Type, bool IsInteger)> _onDemand = new(StringComparer.Ordinal);

    private readonly Dictionary<string, (ExpressionType Type, bool IsInteger)> _outputs = new(StringComparer.Ordinal);

    // On-demand features that are computed from what is read of others than the owner.
    private readonly HashSet<string> _ofOthers = new(StringComparer.Ordinal);

    private readonly SortedSet<int> _used = [];

    /// <summary>Places of the inputs that the expression names which was read last.</summary>
    public IReadOnlyCollection<int> Used => _used;

    /// <summary>Whether the expression that was read last is computed from something of others than the owner, who may be late.</summary>
    public bool UsesOthers { get; private set; }

    /// <summary>Whether the score is there to be named.</summary>
    public bool HasScore { get; set; }

    public override IEnumerable<string> Names =>
        [.. HasScore ? columns.Prepend(ScoreName) : [], .. _outputs.Keys, .. _onDemand.Keys, .. request.FieldNames, .. request.FeatureNames];

    /// <summary>An on-demand feature, whose expression was read last, may be named from now on; null where the expression is at fault.</summary>
    public void Declare(string onDemand, CompiledExpression? expression)
    {
        _onDemand[onDemand] = TypeOf(expression);
        if (UsesOthers)
        {
            _ofOthers.Add(onDemand);
        }
    }

    /// <summary>Whether an on-demand feature is computed from something of others than the owner.</summary>
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
