using Grid.Decisions.Plans;
using Grid.Features.Expressions;
using Grid.Features.Plans;

namespace Grid.Decisions.Turns;

/// <summary>
/// The reusable working memory of one turn. The host fills <see cref="Row"/>, calls <see cref="Begin"/>, reads features into
/// <see cref="ReadsOf"/>, calls <see cref="Assemble"/>, scores, and calls <see cref="Decide"/> or <see cref="DecideWithoutScore"/>. Pure:
/// no clock, no I/O, no threads; allocates nothing once the frame has grown to the decision's size.
/// </summary>
internal sealed class TurnFrame
{
    private ReadValue[] _reads = [];
    private Value[] _inputs = [];
    private Value[] _fields = [];
    private FeatureOrigin[] _standings = [];

    /// <summary>The request.</summary>
    public EventRow Row { get; } = new();

    /// <summary>The current decision.</summary>
    public DecisionPlan Plan { get; private set; } = null!;

    /// <summary>
    /// The model's score, as the shortest decimal that converts to its float; NaN until the turn has ended, and if there is no score.
    /// </summary>
    public double Score { get; private set; }

    /// <summary>Index in <see cref="DecisionPlan.Rules"/> of the rule that fired, or <see cref="FallbackRule"/>.</summary>
    public int RuleIndex { get; private set; }

    /// <summary>The value of <see cref="RuleIndex"/> if the fallback action was taken.</summary>
    public const int FallbackRule = -1;

    /// <summary>
    /// Whether features of the vector timed out, so that the fallback model scores the vector of <see cref="AssembleFallback"/>. Set by
    /// <see cref="Assemble"/>.
    /// </summary>
    public bool UsesFallbackModel { get; private set; }

    public bool IsFallback => RuleIndex == FallbackRule;

    /// <summary>The rule that fired.</summary>
    public PolicyRule Rule => IsFallback ? Plan.Fallback : Plan.Program.Rules[RuleIndex];

    /// <summary>All inputs as read or computed, in the order of <see cref="DecisionPlan"/>.</summary>
    internal ReadOnlySpan<ReadValue> Reads => _reads.AsSpan(0, Plan.Inputs);

    /// <summary>The vector's request fields as numbers, in the order of the vector.</summary>
    internal ReadOnlySpan<Value> Fields => _fields.AsSpan(0, Plan.Program.Fields.Length);

    /// <summary>The origin of each input; empty if the decision waits for every owner.</summary>
    internal ReadOnlySpan<FeatureOrigin> Origins => Plan.Freshness is null ? [] : _standings.AsSpan(0, Plan.Inputs);

    /// <summary>Prepares the frame for a decision on the request in <see cref="Row"/>.</summary>
    public void Begin(DecisionPlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        Plan = plan;
        (Score, RuleIndex, UsesFallbackModel) = (double.NaN, FallbackRule, false);
        if (_inputs.Length < plan.Inputs)
        {
            _reads = new ReadValue[plan.Inputs];
            _inputs = new Value[plan.Inputs];
        }

        if (_fields.Length < plan.Program.Fields.Length)
        {
            _fields = new Value[plan.Program.Fields.Length];
        }

        if (plan.Freshness is not null)
        {
            if (_standings.Length < plan.Inputs)
            {
                _standings = new FeatureOrigin[plan.Inputs];
            }

            _standings.AsSpan(0, plan.Inputs).Clear();
        }
    }

    /// <summary>The destination for the features of one entity, in the order of <see cref="FeatureRead.Features"/>.</summary>
    public Span<ReadValue> ReadsOf(FeatureRead read)
    {
        ArgumentNullException.ThrowIfNull(read);
        return _reads.AsSpan(read.FirstInput, read.Features.Length);
    }

    /// <summary>The origins of one entity's features, to be set by a host that uses replicas; only for a plan with freshness.</summary>
    public Span<FeatureOrigin> OriginsOf(FeatureRead read)
    {
        ArgumentNullException.ThrowIfNull(read);
        return _standings.AsSpan(read.FirstInput, read.Features.Length);
    }

    /// <summary>Computes the on-demand features and writes the vector. Call after all features are read.</summary>
    /// <param name="vector">The same length and order as <see cref="DecisionPlan.Vector"/>; a missing value is NaN.</param>
    public void Assemble(Span<float> vector)
    {
        var program = Plan.Program;
        for (var i = 0; i < program.FirstOnDemand; i++)
        {
            _inputs[i] = _reads[i].Value;
        }

        var at = Row.At.UnixMilliseconds;
        foreach (var feature in program.OnDemand)
        {
            _inputs[feature.Input] = feature.Expression.Evaluate(Row, _inputs);
            _reads[feature.Input] = ReadOf(feature, _inputs[feature.Input], at);
        }

        if (Plan.Freshness is not null)
        {
            StandOnWorst(program);
        }

        for (var i = 0; i < program.Fields.Length; i++)
        {
            _fields[i] = Row[program.Fields[i]].ToValue(Row.Plan.Fields[program.Fields[i]]);
        }

        Fill(vector, program.Sources);
        UsesFallbackModel = Plan.FallbackModel is { } late && StandsFrom(late.From, program.Sources);
    }

    /// <summary>Writes the fallback model's vector. Call after <see cref="Assemble"/>.</summary>
    /// <param name="vector">The same length and order as <see cref="FallbackModelPlan.Elements"/>.</param>
    public void AssembleFallback(Span<float> vector) => Fill(vector, Plan.Program.FallbackSources);

    /// <summary>Computes the outputs from the model's scores, and applies the policy.</summary>
    /// <param name="scores">Finite numbers, as many as the model returns per row; the first is <see cref="Score"/>.</param>
    public void Decide(ReadOnlySpan<float> scores)
    {
        for (var i = 0; i < scores.Length; i++)
        {
            _inputs[Plan.ScoreInput + i] = Value.Of(ShortestDecimal.Of(scores[i]));
        }

        Score = _inputs[Plan.ScoreInput].Number;
        Compute();
        var rules = Plan.Program.Rules;
        for (var i = 0; i < rules.Length; i++)
        {
            if (rules[i].When is not { } condition || condition.IsTrue(Row, _inputs))
            {
                RuleIndex = i;
                return;
            }
        }

        throw new InvalidOperationException($"No rule of decision '{Plan.Name}' holds; its last rule must always hold.");
    }

    /// <summary>Takes the policy's fallback action because the model could not score. Outputs are computed from missing scores.</summary>
    public void DecideWithoutScore()
    {
        (Score, RuleIndex) = (double.NaN, FallbackRule);
        _inputs.AsSpan(Plan.ScoreInput, Plan.Model.Scores).Fill(Value.Missing);
        Compute();
    }

    /// <summary>Creates the answer, which shares nothing with the frame.</summary>
    /// <param name="id">The decision's id.</param>
    /// <param name="owner">The owner's key.</param>
    /// <param name="model">The model with its version.</param>
    /// <param name="bundle">The bundle with its version.</param>
    public Decision ToDecision(string id, string owner, string model, string bundle)
    {
        var rule = Rule;
        return new()
        {
            Id = id,
            Name = Plan.Name,
            Owner = new(Plan.Owner.Name, owner),
            EventId = Row.Id,
            At = Row.At,
            Action = rule.Action,
            Score = Score,
            Reasons = rule.Reasons,
            Features = ReadVector(),
            Outputs = ReadOutputs(),
            TimedOut = ReadTimedOut(),
            Model = model,
            Bundle = bundle,
            Fallback = IsFallback,
        };
    }

    /// <summary>Creates one candidate's item of the answer.</summary>
    internal RankedItem ToItem(int? place, string? moved)
    {
        var rule = Rule;
        return new()
        {
            Key = Row[Plan.Candidates!.KeySlot].Text!,
            Place = place,
            Action = rule.Action,
            Score = Score,
            Reasons = moved is null ? rule.Reasons : [.. rule.Reasons, moved],
            Features = ReadVector(),
            Outputs = ReadOutputs(),
            TimedOut = ReadTimedOut(),
            ByFallbackModel = UsesFallbackModel,
            Fallback = IsFallback,
        };
    }

    /// <summary>Evaluates an expression after the turn has ended.</summary>
    internal Value Evaluate(CompiledExpression expression) => expression.Evaluate(Row, _inputs);

    /// <summary>Copies the features of an entity from another frame of the same decision.</summary>
    internal void TakeReads(FeatureRead read, TurnFrame from)
    {
        from.ReadsOf(read).CopyTo(ReadsOf(read));
        if (Plan.Freshness is not null)
        {
            from.OriginsOf(read).CopyTo(OriginsOf(read));
        }
    }

    /// <summary>The value of an output, by its index in <see cref="DecisionPlan.Outputs"/>.</summary>
    internal Value Output(int place) => _inputs[Plan.Program.Outputs[place].Input];

    private void Fill(Span<float> vector, int[] sources)
    {
        for (var i = 0; i < sources.Length; i++)
        {
            var source = sources[i];
            vector[i] = (float)(source >= 0 ? _inputs[source] : _fields[~source]).Number;
        }
    }

    // The age of a computed value is that of its oldest input read from state: a newer input, or the request itself, must not hide it.
    private ReadValue ReadOf(OnDemandPlan feature, Value value, long at)
    {
        var (oldest, approximate) = (long.MaxValue, false);
        foreach (var input in feature.Uses)
        {
            ref readonly var part = ref _reads[input];
            oldest = part.NewestMilliseconds == ReadValue.Nothing ? oldest : Math.Min(oldest, part.NewestMilliseconds);
            approximate |= part.Approximate;
        }

        var newest = oldest < long.MaxValue ? oldest : feature.Uses.IsEmpty ? at : ReadValue.Nothing;
        return new(value, newest, approximate);
    }

    private bool StandsFrom(FeatureSource from, int[] sources)
    {
        foreach (var source in sources)
        {
            if (source >= 0 && _standings[source].Source >= from)
            {
                return true;
            }
        }

        return false;
    }

    // A computed value has the worst feature source of its inputs.
    private void StandOnWorst(TurnProgram program)
    {
        foreach (var feature in program.OnDemand)
        {
            var worst = default(FeatureOrigin);
            foreach (var input in feature.Uses)
            {
                var one = _standings[input];
                worst = new(one.Source > worst.Source ? one.Source : worst.Source, Math.Max(one.StalenessMilliseconds, worst.StalenessMilliseconds));
            }

            _standings[feature.Input] = worst;
        }
    }

    private string[] ReadTimedOut()
    {
        if (Plan.Freshness is not { } freshness)
        {
            return [];
        }

        List<string>? timedOut = null;
        for (var i = 0; i < freshness.Names.Count; i++)
        {
            if (_standings[i].Source > FeatureSource.Replica)
            {
                (timedOut ??= []).Add(freshness.Names[i]);
            }
        }

        return timedOut?.ToArray() ?? [];
    }

    private void Compute()
    {
        foreach (var output in Plan.Program.Outputs)
        {
            _inputs[output.Input] = output.Expression.Evaluate(Row, _inputs);
        }
    }

    private DecisionOutput[] ReadOutputs()
    {
        var outputs = Plan.Program.Outputs;
        if (outputs.Length == 0)
        {
            return [];
        }

        var read = new DecisionOutput[outputs.Length];
        for (var i = 0; i < read.Length; i++)
        {
            read[i] = new(outputs[i].Name, Output(i).Number) { LargeInteger = Output(i).Large };
        }

        return read;
    }

    private FeatureReading[] ReadVector()
    {
        var program = Plan.Program;
        var at = Row.At.UnixMilliseconds;
        var features = new FeatureReading[program.Sources.Length];
        for (var i = 0; i < features.Length; i++)
        {
            var source = program.Sources[i];
            features[i] = source < 0
                ? new ReadValue(_fields[~source], at, Approximate: false).ToReading(program.Names[i], at)
                : _reads[source].ToReading(program.Names[i], at);
            if (source >= 0 && Plan.Freshness is not null)
            {
                features[i] = features[i] with { Source = _standings[source].Source, StalenessMilliseconds = _standings[source].StalenessMilliseconds };
            }
        }

        return features;
    }
}
