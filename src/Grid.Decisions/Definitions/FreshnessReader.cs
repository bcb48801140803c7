using Grid.Decisions.Plans;
using Grid.Features.Definitions;
using Grid.Features.Definitions.Yaml;
using Grid.Features.Expressions;
using Grid.Features.Naming;
using Grid.Features.Plans;

namespace Grid.Decisions.Definitions;

/// <summary>The freshness settings of a decision as written: by kind, with overrides by feature.</summary>
internal sealed class FreshnessDraft(TimeSpan? deadline)
{
    public Dictionary<string, long> Kinds { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, (YamlText At, long? MaxAge, Value Default)> Features { get; } = new(StringComparer.Ordinal);

    /// <summary>The plan for the inputs read from entities; null if no freshness is declared.</summary>
    /// <param name="reads">Kind and feature of each input, in order.</param>
    /// <param name="owner">The kind that owns the decision.</param>
    public FreshnessPlan? Plan(IReadOnlyList<FeaturePlan> reads, KindPlan owner)
    {
        if (deadline is null && Kinds.Count == 0 && Features.Count == 0)
        {
            return null;
        }

        return new()
        {
            Deadline = deadline,
            Terms = [.. reads.Select(feature => owner.Features.Contains(feature) ? new(0, Value.Missing) : Terms(feature.FullName))],
            Names = [.. reads.Select(feature => feature.FullName)],
        };
    }

    private ReadTerms Terms(string name)
    {
        var ofKind = Kinds.GetValueOrDefault(name[..name.IndexOf('.', StringComparison.Ordinal)]);
        return Features.TryGetValue(name, out var said) ? new(said.MaxAge ?? ofKind, said.Default) : new(ofKind, Value.Missing);
    }
}

/// <summary>Reads <c>reads</c> and <c>deadline</c> of a decision.</summary>
internal sealed class FreshnessReader(Request request, DiagnosticList faults)
{
    private const string Expected = "a mapping of kinds, or of features such as shop.risk_7d, to { max_age:, default: }";
    private const string ExpectedAge = "0, or a length of time such as 500ms, 5s or 5m";
    private const long LongestDeadline = 60_000;
    private static readonly string[] Keys = ["max_age", "default"];

    public FreshnessDraft Read(MapReader decision)
    {
        var deadline = decision.Duration("deadline");
        if (deadline > LongestDeadline)
        {
            faults.Add(decision.Map["deadline"]!, "A call that waits longer than a minute is given up by those who ask; expected up to 60s.");
        }

        var draft = new FreshnessDraft(deadline is { } milliseconds ? TimeSpan.FromMilliseconds(milliseconds) : null);
        foreach (var entry in decision.Section("reads", Expected)?.Entries ?? [])
        {
            if (entry.Value is YamlMap terms)
            {
                ReadTerms(draft, entry.Key, new(terms, faults), hasDeadline: decision.Map["deadline"] is not null);
            }
            else
            {
                faults.Add(entry.Value, $"Expected a mapping such as {{ max_age: 5s }}, found {entry.Value.Words}.");
            }
        }

        return draft;
    }

    private void ReadTerms(FreshnessDraft draft, YamlText name, MapReader terms, bool hasDeadline)
    {
        terms.Only(Keys);
        var age = MaxAge(terms);
        var dot = name.Text.IndexOf('.', StringComparison.Ordinal);
        var kind = dot < 0 ? name.Text : name.Text[..dot];
        if (!request.Kinds.TryGetValue(kind, out var found))
        {
            var known = request.Kinds.Keys.Where(read => read != request.Owner.Plan.Name);
            faults.Add(name, $"The decision reads no {YamlText.Quote(kind)}.{NearNames.Hint(kind, known)}");
        }
        else if (kind == request.Owner.Plan.Name)
        {
            faults.Add(name, $"{name.Words} is read from the owner in its own turn, where nothing is staler than now; leave it out.");
        }
        else if (dot < 0)
        {
            draft.Kinds[kind] = age ?? 0;
            if (terms.Map["default"] is { } value)
            {
                faults.Add(value, $"A default is that of one feature; say it of that one, such as {found.Kind.Plan.Features.Select(feature => feature.FullName).FirstOrDefault(kind + ".feature")}.");
            }
        }
        else if (found.Kind.Plan.Features.FirstOrDefault(known => known.FullName == name.Text) is { } feature)
        {
            draft.Features[name.Text] = (name, age, Default(terms, found.Kind.Types[feature.Name], hasDeadline));
        }
        else if (!found.Kind.Broken.Contains(name.Text[(dot + 1)..]))
        {
            faults.Add(name, $"There is no feature {name.Words}.{NearNames.Hint(name.Text, found.Kind.Plan.Features.Select(known => known.FullName))}");
        }
    }

    private long? MaxAge(MapReader terms)
    {
        if (terms.Text("max_age", ExpectedAge) is not { } text || text.Text == "0")
        {
            return terms.Map["max_age"] is null ? null : 0;
        }

        if (Durations.TryParse(text.Text, out var milliseconds))
        {
            return milliseconds;
        }

        faults.Add(text, $"Expected {ExpectedAge}, found {text.Words}.");
        return null;
    }

    private Value Default(MapReader terms, ExpressionType type, bool hasDeadline)
    {
        var expected = type switch { ExpressionType.Text => "a text", ExpressionType.Boolean => "true or false", _ => "a number" };
        if (terms.Value("default", expected, type == ExpressionType.Text) is not { } text)
        {
            return Value.Missing;
        }

        if (!hasDeadline)
        {
            faults.Add(text, "Without a deadline every owner is waited for and no default is ever taken; give the decision a 'deadline', or leave it out.");
        }

        Value? value = type switch
        {
            ExpressionType.Text => Value.Of(text.Text),
            ExpressionType.Boolean => text.Text switch { "true" => Value.Of(1), "false" => Value.Of(0), _ => null },
            _ => FieldTypes.TryParseNumber(text.Text, out var number) ? Value.OfDecimal(number) : null,
        };
        if (value is null)
        {
            faults.Add(text, $"Expected {expected}, found {text.Words}.");
        }

        return value ?? Value.Missing;
    }
}
