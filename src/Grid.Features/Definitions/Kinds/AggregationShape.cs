using Grid.Features.Plans;

namespace Grid.Features.Definitions.Kinds;

/// <summary>Whether an aggregation takes a field besides its event.</summary>
internal enum FieldUse
{
    Refused,
    Allowed,
    Needed,
}

/// <summary>The syntax of an aggregation in a bundle, the types it accepts, and what its column must store.</summary>
/// <param name="Name">The key in the bundle.</param>
/// <param name="Aggregation">The aggregation.</param>
/// <param name="Field">Whether it takes a field.</param>
/// <param name="Takes">The field types it accepts.</param>
/// <param name="Words">The beginning of its definition in readable form.</param>
internal sealed record AggregationShape(string Name, Aggregation Aggregation, FieldUse Field, IReadOnlySet<FieldType> Takes, string Words)
{
    private static readonly HashSet<FieldType> Anything = [.. Enum.GetValues<FieldType>()];
    private static readonly HashSet<FieldType> Numbers =
        [FieldType.Integer, FieldType.Decimal, FieldType.Number, FieldType.Boolean, FieldType.Timestamp];
    private static readonly HashSet<FieldType> Exact = [FieldType.Integer, FieldType.Decimal, FieldType.Boolean];

    public static readonly IReadOnlyList<AggregationShape> All =
    [
        new("count", Aggregation.Count, FieldUse.Allowed, Anything, "count of"),
        new("sum", Aggregation.Sum, FieldUse.Needed, Exact, "sum of") { Summed = true },
        new("mean", Aggregation.Mean, FieldUse.Needed, Exact, "mean of") { Summed = true },
        new("min", Aggregation.Min, FieldUse.Needed, Numbers, "min of") { Ranged = true },
        new("max", Aggregation.Max, FieldUse.Needed, Numbers, "max of") { Ranged = true },
        new("stddev", Aggregation.StdDev, FieldUse.Needed, Exact, "stddev of") { Summed = true, Squared = true },
        new("distinct", Aggregation.Distinct, FieldUse.Needed, Anything, "distinct values of"),
        new("first", Aggregation.First, FieldUse.Needed, Anything, "first of") { IsOfItsField = true },
        new("last", Aggregation.Last, FieldUse.Needed, Anything, "last of") { IsOfItsField = true },
        new("since_last", Aggregation.SinceLast, FieldUse.Refused, Anything, "seconds since the last"),
        new("top", Aggregation.Top, FieldUse.Needed, Anything, "top of") { IsOfItsField = true },
        new("quantile", Aggregation.Quantile, FieldUse.Needed, Numbers, "quantile of") { Keys = ["q"] },
        new("decayed_sum", Aggregation.DecayedSum, FieldUse.Needed, Exact, "decayed sum of") { Decays = true, Keys = ["half_life"] },
        new("decayed_mean", Aggregation.DecayedMean, FieldUse.Needed, Exact, "decayed mean of") { Decays = true, Keys = ["half_life"] },
        new("decayed_count", Aggregation.DecayedCount, FieldUse.Allowed, Anything, "decayed count of") { Decays = true, Keys = ["half_life"] },
        new("open", Aggregation.Open, FieldUse.Refused, Anything, "open") { Spans = true, Keys = ["until", "by"] },
        new("latest", Aggregation.Latest, FieldUse.Refused, Anything, "latest") { Spans = true, Keys = ["until", "by"] },
    ];

    // Why a field type is not accepted, and what is expected instead.
    private static readonly Dictionary<FieldType, string> Advice = new()
    {
        [FieldType.String] = "it is text; count, distinct, first, last and top take text",
        [FieldType.Number] = "sums of binary fractions are not exact; declare it as decimal(n), with the places it needs",
        [FieldType.Timestamp] = "it is a moment; min, max, first, last and since_last take moments",
    };

    public bool Summed { get; private init; }

    public bool Squared { get; private init; }

    public bool Ranged { get; private init; }

    /// <summary>Whether it counts starts that have not ended.</summary>
    public bool Spans { get; private init; }

    /// <summary>Whether the weight of values decays with their age.</summary>
    public bool Decays { get; private init; }

    /// <summary>Keys that only this aggregation has.</summary>
    public IReadOnlyList<string> Keys { get; private init; } = [];

    /// <summary>Whether it returns an integer for integers, other than a count.</summary>
    public bool KeepsIntegers => IsOfItsField || Aggregation is Aggregation.Sum or Aggregation.Min or Aggregation.Max or Aggregation.Quantile;

    /// <summary>Whether its value is one of the field's values, including strings and booleans.</summary>
    public bool IsOfItsField { get; private init; }

    public static AggregationShape? Find(string name) => All.FirstOrDefault(shape => shape.Name == name);

    public static string WhyNot(FieldType type) => Advice.GetValueOrDefault(type, "expected another field");
}
