using Grid.Decisions.Plans;
using Grid.Features.Definitions;
using Grid.Features.Expressions;
using Grid.Features.Plans;

namespace Grid.Decisions.Definitions;

/// <summary>Compiles the expressions of a decision and lays out its inputs.</summary>
internal sealed class DecisionAssembly(
    Request request,
    IReadOnlyList<VectorDraft> vector,
    IReadOnlyList<string> columns,
    IReadOnlyList<OutputDraft> outputs,
    IReadOnlyList<RuleDraft> rules,
    FreshnessDraft freshness,
    FallbackModelDraft? late,
    OrderDraft? order,
    DiagnosticList faults)
{
    private readonly InputLayout _layout = new(request.Owner.Plan, Math.Max(1, columns.Count));

    /// <summary>Compiles everything once to report diagnostics and collect the inputs.</summary>
    public void Survey()
    {
        foreach (var feature in vector.Select(element => element.Feature).OfType<(KindPlan Kind, int Ordinal)>())
        {
            _layout.Feature(feature.Kind, feature.Ordinal);
        }

        var scope = new RequestScope(request, _layout, columns);
        Compile(scope);
        CheckFallback(scope);
        foreach (var (name, (at, _, _)) in freshness.Features)
        {
            if (!_layout.Features.Any(read => read.FullName == name))
            {
                faults.Add(at, $"The decision does not read '{name}'; name it in its features or its policy, or leave it out here.");
            }
        }
    }

    /// <summary>Creates the plan, after a <see cref="Survey"/> without diagnostics.</summary>
    public DecisionPlan Plan(int ordinal, string name, ModelPlan model, PolicyRule fallback)
    {
        _layout.Fix();
        var (onDemand, computed, policy, ordered) = Compile(new(request, _layout, columns));
        return new()
        {
            Ordinal = ordinal,
            Name = name,
            On = request.Asked,
            RowPlan = request.On,
            Candidates = request.Candidates is { } ranked
                ? new() { Kind = ranked.Kind, Most = ranked.Most, Fields = ranked.Fields, FirstSlot = request.Asked.Fields.Count, Order = ordered! }
                : null,
            Freshness = freshness.Plan([.. _layout.Features], request.Owner.Plan),
            Owner = request.Owner.Plan,
            OwnerKeySlot = KeySlotOf(request.Owner.Plan),
            Own = Read(0),
            Foreign = [.. Enumerable.Range(1, _layout.Blocks.Count - 1).Select(Read)],
            OnDemand = onDemand,
            Inputs = _layout.Count,
            ScoreInput = _layout.Score,
            Outputs = computed,
            Vector = [.. vector.Select(Entry)],
            Model = model,
            FallbackModel = late?.Plan(),
            Rules = policy,
            Fallback = fallback,
        };
    }

    private (List<OnDemandPlan> OnDemand, List<OnDemandPlan> Outputs, List<PolicyRule> Rules, OrderPlan? Order) Compile(RequestScope scope)
    {
        var onDemand = new List<OnDemandPlan>();
        foreach (var element in vector.Where(element => element.Expression is not null))
        {
            var compiled = OnDemand(element, scope);
            scope.Declare(element.Name, compiled);
            var input = _layout.OnDemand(element.Name);
            if (compiled is not null)
            {
                onDemand.Add(new(element.Name, compiled, input) { Uses = [.. scope.Used] });
            }
        }

        scope.HasScore = true;
        return (onDemand, Outputs(scope), [.. rules.Select(rule => Rule(rule, scope))], Order(scope));
    }

    // The inputs of a fallback model must be available when those of the decision's own vector are not.
    private void CheckFallback(RequestScope scope)
    {
        if (late is null)
        {
            return;
        }

        bool MayTimeOut(VectorDraft element) => element.Expression is not null
            ? scope.IsOfOthers(element.Name)
            : element.Feature is { } feature && feature.Kind != request.Owner.Plan;
        if (!vector.Any(MayTimeOut))
        {
            faults.Add(late.At, $"Every feature of the vector is the {request.Owner.Plan.Name}'s own, so none can time out; remove the fallback model.");
            return;
        }

        foreach (var (at, element) in late.Elements)
        {
            if (MayTimeOut(vector[element]))
            {
                var others = vector.Where(other => !MayTimeOut(other)).Select(other => other.Name).ToList();
                var expected = others.Count == 0 ? $"a field of the request or a feature of the {request.Owner.Plan.Name}" : $"one of {string.Join(", ", others)}";
                faults.Add(at, $"{at.Words} is a feature of another entity than the {request.Owner.Plan.Name} and can time out itself; expected {expected}.");
            }
        }
    }

    private OrderPlan? Order(RequestScope scope)
    {
        if (order is null)
        {
            return null;
        }

        var score = _layout.Score;
        var by = order.By is { } text
            ? ExpressionReader.Read(text, scope, ExpressionType.Number, faults)
            : new(RequestScope.ScoreName, ExpressionType.Number, (_, inputs) => inputs[score]);
        var diversity = order.Diversity is { } told && ExpressionReader.Read(told.By, scope, ExpressionType.None, faults) is { } value
            ? new DiversityPlan(value, told.Most, told.Among, told.Reason)
            : null;
        return by is null ? null : new(by, order.Drop, diversity);
    }

    private List<OnDemandPlan> Outputs(RequestScope scope)
    {
        var computed = new List<OnDemandPlan>();
        foreach (var output in outputs)
        {
            var compiled = ExpressionReader.Read(output.Expression, scope, ExpressionType.None, faults);
            if (compiled?.Type == ExpressionType.Text)
            {
                faults.Add(output.Expression, "It gives a text; an output is a number or a boolean.");
            }

            scope.DeclareOutput(output.Name, compiled);
            var input = _layout.Output(output.Name);
            if (compiled is not null)
            {
                computed.Add(new(output.Name, compiled, input));
            }
        }

        return computed;
    }

    private CompiledExpression? OnDemand(VectorDraft element, RequestScope scope)
    {
        var compiled = ExpressionReader.Read(element.Expression!, scope, ExpressionType.None, faults);
        if (compiled?.Type == ExpressionType.Text)
        {
            faults.Add(element.Expression!, "The expression gives a text; expected a number or a boolean, such as if(… = 'a', 1, 0).");
            return null;
        }

        return compiled;
    }

    private PolicyRule Rule(RuleDraft rule, RequestScope scope) =>
        new(rule.Action, rule.When is { } when ? ExpressionReader.Read(when, scope, ExpressionType.Boolean, faults) : null, rule.Reasons);

    private FeatureRead Read(int block)
    {
        var (kind, features) = _layout.Blocks[block];
        return new(kind, KeySlotOf(kind), [.. features], _layout.FirstOf(block));
    }

    private int KeySlotOf(KindPlan kind) => request.Kinds[kind.Name].KeySlot;

    private VectorEntry Entry(VectorDraft element)
    {
        if (element.Slot >= 0)
        {
            return new(element.Name, element.Slot, -1);
        }

        var input = element.Feature is { } feature ? _layout.Feature(feature.Kind, feature.Feature) : _layout.OnDemand(element.Name);
        return new(element.Name, -1, input);
    }
}
