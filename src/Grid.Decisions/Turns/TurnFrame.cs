using Grid.Decisions.Plans;
using Grid.Features.Expressions;
using Grid.Features.Plans;

namespace Grid.Decisions.Turns;

/// <summary>
/// The working memory of one turn, used again for the next. A host fills <see cref="Row"/>, calls <see cref="Begin"/>, has features read into
/// <see cref="ReadsOf"/>, then calls <see cref="Assemble"/>, scores, and calls <see cref="Decide"/> or <see cref="DecideWithoutScore"/>.
/// Pure: no clock, no I/O, no threads; nothing is allocated once the frame has grown to the decision's size.
/// </summary>
internal sealed class TurnFrame
{
    private ReadValue[] _reads = [];
    private Value[] _inputs = [];
    private Value[] _fields = [];
    private FeatureOrigin[] _standings = [];

    /// <summary>The request.</summary>
    public EventRow Row { get; } = new();

    /// <summary>The decision that is being made.</summary>
    public DecisionPlan Plan { get; private set; } = null!;

    /// <summary>The model's score as the shortest decimal that is its float; NaN before the turn has ended, and where there is no score.</summary>
    public double Score { get; private set; }

    /// <summary>Which of <see cref="DecisionPlan.Rules"/> fired, or <see cref="FallbackRule"/>.</summary>
    public int RuleIndex { get; private set; }

    /// <summary>The value of <see cref="RuleIndex"/> where the declared fallback was taken.</summary>
    public const int FallbackRule = -1;

    /// <summary>
    /// Whether features of the vector timed out, so that the decision's fallback model is to score: with <see cref="AssembleFallback"/>. Said by
    /// <see cref="Assemble"/>.
    /// </summary>
    public bool UsesFallbackModel { get; private set; }

    public bool IsFallback => RuleIndex == FallbackRule;

    /// <summary>The rule that fired.</summary>
    public PolicyRule Rule => IsFallback ? Plan.Fallback : Plan.Program.Rules[RuleIndex];

    /// <summary>Every input as it was read or computed, in the order of <see cref="DecisionPlan"/>.</summary>
    internal ReadOnlySpan<ReadValue> Reads => _reads.AsSpan(0, Plan.Inputs);

    /// <summary>The vector's request fields as numbers, in the order of the vector.</summary>
    internal ReadOnlySpan<Value> Fields => _fields.AsSpan(0, Plan.Program.Fields.Length);

    /// <summary>Where each input came from; empty where every owner is asked and waited for.</summary>
    internal ReadOnlySpan<FeatureOrigin> Origins => Plan.Freshness is null ? [] : _standings.AsSpan(0, Plan.Inputs);

    /// <summary>Makes the frame ready for a decision on the request that <see cref="Row"/> holds.</summary>
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

    /// <summary>Where the features of one entity go, in the order of <see cref="FeatureRead.Features"/>.</summary>
    public Span<ReadValue> ReadsOf(FeatureRead read)
    {
        ArgumentNullException.ThrowIfNull(read);
        return _reads.AsSpan(read.FirstInput, read.Features.Length);
    }

    /// <summary>Where the features of one entity came from, to be told by a host that does not ask every owner; only of a plan with freshness.</summary>
    public Span<FeatureOrigin> OriginsOf(FeatureRead read)
    {
        ArgumentNullException.ThrowIfNull(read);
        return _standings.AsSpan(read.FirstInput, read.Features.Length);
    }

    /// <summary>Computes the on-demand features and writes the vector, once all features are read.</summary>
    /// <param name="vector">As long as <see cref="DecisionPlan.Vector"/>, in its order; a missing value is NaN.</param>
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

    /// <summary>Writes the fallback model's vector, after <see cref="Assemble"/>.</summary>
    /// <param name="vector">As long as <see cref="FallbackModelPlan.Elements"/>, in its order.</param>
    public void AssembleFallback(Span<float> vector) => Fill(vector, Plan.Program.FallbackSources);

    /// <summary>Computes the outputs of what the model said, and applies the policy.</summary>
    /// <param name="scores">Finite numbers, as many as the model gives for a row; the first is <see cref="Score"/>.</param>
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

    /// <summary>Takes the policy's declared fallback: the model could not score. Outputs are computed of missing scores.</summary>
    public void DecideWithoutScore()
    {
        (Score, RuleIndex) = (double.NaN, FallbackRule);
        _inputs.AsSpan(Plan.ScoreInput, Plan.Model.Scores).Fill(Value.Missing);
        Compute();
    }

    /// <summary>The answer. It shares nothing with the frame.</summary>
    /// <param name="id">The decision's id.</param>
    /// <param name="owner">The owner's key.</param>
    /// <param name="model">The model and its version.</param>
    /// <param name="bundle">The bundle and its version.</param>
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

    /// <summary>One candidate's part of the answer.</summary>
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

    /// <summary>Evaluates an expression over the finished turn.</summary>
    internal Value Evaluate(CompiledExpression expression) => expression.Evaluate(Row, _inputs);

    /// <summary>Takes what another frame of the same decision has read of an entity.</summary>
    internal void TakeReads(FeatureRead read, TurnFrame from)
    {
        from.ReadsOf(read).CopyTo(ReadsOf(read));
        if (Plan.Freshness is not null)
        {
            from.OriginsOf(read).CopyTo(OriginsOf(read));
        }
    }

    /// <summary>A number that the decision answers with, by its place among <see cref="DecisionPlan.Outputs"/>.</summary>
    internal Value Output(int place) => _inputs[Plan.Program.Outputs[place].Input];

    private void Fill(Span<float> vector, int[] sources)
    {
        for (var i = 0; i < sources.Length; i++)
        {
            var source = sources[i];
            vector[i] = (float)(source >= 0 ? _inputs[source] : _fields[~source]).Number;
        }
    }

    // As old as the oldest of the parts that were read from state: a newer part, or the request itself, must not hide how old another is.
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

    // A value that is computed from others is no fresher than the worst of them.
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
