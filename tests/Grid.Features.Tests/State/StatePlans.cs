using Grid.Features.Expressions;
using Grid.Features.Plans;

namespace Grid.Features.Tests.State;

/// <summary>Plans for tests of the state, built by hand.</summary>
internal sealed class StatePlans
{
    public const int Card = 0;
    public const int Terminal = 1;
    public const int Payment = 0;
    public const int Visit = 1;
    public const int Report = 2;

    // Slots of a payment.
    public const int Id = 0;
    public const int At = 1;
    public const int Amount = 2;
    public const int Shop = 3;
    public const int Weight = 4;
    public const int Fraud = 5;
    public const int Grade = 6;
    public const int Verdict = 7;

    private readonly List<ColumnPlan> _columns = [];
    private readonly List<FeaturePlan> _features = [];

    public static EventPlan PaymentPlan { get; } = new()
    {
        Ordinal = Payment,
        Name = "payment",
        IdSlot = Id,
        TimeSlot = At,
        Keys = [],
        Fields =
        [
            new() { Name = "id", Type = FieldType.String },
            new() { Name = "at", Type = FieldType.Timestamp },
            new() { Name = "amount", Type = FieldType.Decimal, Scale = 2, Required = false },
            new() { Name = "shop", Type = FieldType.String, Required = false },
            new() { Name = "weight", Type = FieldType.Number, Required = false },
            new() { Name = "is_fraud", Type = FieldType.Boolean, IsLabel = true, Default = FieldSlot.OfBits(0) },
            new() { Name = "grade", Type = FieldType.Integer, IsLabel = true },
            new() { Name = "verdict", Type = FieldType.String, IsLabel = true },
        ],
    };

    /// <summary>Its slots are those of a payment: minutes in place of the amount, and the shop.</summary>
    public static EventPlan VisitPlan { get; } = new()
    {
        Ordinal = Visit,
        Name = "visit",
        IdSlot = 0,
        TimeSlot = 1,
        Keys = [],
        Fields =
        [
            new() { Name = "id", Type = FieldType.String },
            new() { Name = "at", Type = FieldType.Timestamp },
            new() { Name = "minutes", Type = FieldType.Integer, Required = false },
            new() { Name = "shop", Type = FieldType.String, Required = false },
        ],
    };

    public static EventPlan ReportPlan { get; } = new()
    {
        Ordinal = Report,
        Name = "report",
        IdSlot = 0,
        TimeSlot = 1,
        Keys = [],
        Label = new(Payment, [(2, Fraud), (3, Grade), (4, Verdict)]),
        Fields =
        [
            new() { Name = "id", Type = FieldType.String },
            new() { Name = "at", Type = FieldType.Timestamp },
            new() { Name = "is_fraud", Type = FieldType.Boolean, Required = false },
            new() { Name = "grade", Type = FieldType.Integer, Required = false },
            new() { Name = "verdict", Type = FieldType.String, Required = false },
        ],
    };

    /// <summary>Amounts above this pass the filter of filtered columns.</summary>
    public const long Bar = 500;

    public static CompiledExpression LargeAmount { get; } = new(
        "amount > 5",
        ExpressionType.Boolean,
        (row, _) => Value.Of(row![Amount].IsPresent && row[Amount].Bits > Bar ? 1 : 0));

    private static ColumnPlan[] VisitColumns { get; } =
    [
        new() { Ordinal = 0, Slot = Amount, Storage = ColumnStorage.Fixed, Summed = true, Squared = true, Ranged = true },
        new() { Ordinal = 1, Slot = Shop, Storage = ColumnStorage.Text },
    ];

    public IReadOnlyList<FeaturePlan> Features => _features;

    public IReadOnlyList<ColumnPlan> Columns => _columns;

    /// <summary>A column; every kind of totals is kept of fixed-point ones.</summary>
    public int Column(int slot, ColumnStorage storage, bool filtered = false, bool isLabel = false, int scale = 0)
    {
        _columns.Add(new()
        {
            Ordinal = _columns.Count,
            Slot = slot,
            Storage = storage,
            Where = filtered ? LargeAmount : null,
            Scale = scale,
            IsLabel = isLabel,
            Summed = storage == ColumnStorage.Fixed,
            Squared = storage == ColumnStorage.Fixed,
            Ranged = storage != ColumnStorage.Text,
        });
        return _columns.Count - 1;
    }

    public void Feature(Aggregation aggregation, int column, long window, long delay = 0, Value? empty = null, int timeline = 0, int billionths = 900_000_000)
    {
        var name = $"{aggregation}_{timeline}_{column}_{window}_{delay}_{billionths}";
        _features.Add(new()
        {
            Ordinal = _features.Count,
            Name = name,
            FullName = "card." + name,
            Definition = name,
            Aggregation = aggregation,
            Timeline = timeline,
            Column = column,
            WindowMilliseconds = window,
            DelayMilliseconds = delay,
            Empty = empty,
            QuantileBillionths = aggregation == Aggregation.Quantile ? billionths : 0,
        });
    }

    public void Expression(CompiledExpression expression, params int[] inputs) => _features.Add(new()
    {
        Ordinal = _features.Count,
        Name = $"expression_{_features.Count}",
        FullName = $"card.expression_{_features.Count}",
        Definition = expression.Text,
        Expression = expression,
        ExpressionInputs = inputs,
    });

    /// <summary>One kind, card, with a timeline of payments and, where asked, one of visits: its columns are the minutes (0) and the shop (1).</summary>
    public DefinitionPlan Build(long retention, bool visits = false, long? visitRetention = null)
    {
        var timelines = new List<TimelinePlan>
        {
            new() { Ordinal = 0, Event = PaymentPlan, Columns = _columns, RetentionMilliseconds = retention },
        };
        if (visits)
        {
            timelines.Add(new() { Ordinal = 1, Event = VisitPlan, Columns = VisitColumns, RetentionMilliseconds = visitRetention ?? retention });
        }

        return new()
        {
            Events = [PaymentPlan, VisitPlan, ReportPlan],
            Kinds = [new() { Ordinal = 0, Name = "card", Timelines = timelines, Features = _features }],
        };
    }

    /// <summary>Every aggregation over every sort of column, with several windows and delays.</summary>
    public static StatePlans Everything(params long[] windows)
    {
        var plans = new StatePlans();
        var amount = plans.Column(Amount, ColumnStorage.Fixed, scale: 2);
        var large = plans.Column(Amount, ColumnStorage.Fixed, filtered: true, scale: 2);
        var ones = plans.Column(ColumnPlan.Ones, ColumnStorage.Fixed, filtered: true);
        var shop = plans.Column(Shop, ColumnStorage.Text);
        var weight = plans.Column(Weight, ColumnStorage.Number);
        var fraud = plans.Column(Fraud, ColumnStorage.Fixed, isLabel: true);
        var grade = plans.Column(Grade, ColumnStorage.Fixed, filtered: true, isLabel: true);
        foreach (var window in windows)
        {
            foreach (var delay in new[] { 0, windows[0] / 2, windows[^1] / 3 })
            {
                plans.Feature(Aggregation.Count, -1, window, delay);
                plans.Feature(Aggregation.SinceLast, -1, window, delay);
                plans.Feature(Aggregation.Count, ones, window, delay);
                plans.Numbers([amount, large, fraud, grade], window, delay);
                foreach (var aggregation in new[] { Aggregation.Count, Aggregation.Min, Aggregation.Max, Aggregation.Distinct, Aggregation.First, Aggregation.Last, Aggregation.Top, Aggregation.Quantile })
                {
                    plans.Feature(aggregation, weight, window, delay);
                    if (aggregation is not (Aggregation.Min or Aggregation.Max or Aggregation.Quantile))
                    {
                        plans.Feature(aggregation, shop, window, delay);
                    }
                }
            }
        }

        foreach (var part in new[] { 0, 1, 333_333_333, 500_000_000, 750_000_000, 999_999_999, FeaturePlan.Billion })
        {
            plans.Feature(Aggregation.Quantile, amount, windows[^1], billionths: part);
            plans.Feature(Aggregation.Quantile, weight, windows[0], windows[0] / 3, billionths: part);
        }

        plans.Feature(Aggregation.Mean, fraud, windows[0], 0, Value.Of(0));
        plans.Expression(new("count / sum", ExpressionType.Number, (_, inputs) => Value.Of(inputs[0].Number / inputs[1].Number)), 0, 4);
        return plans;
    }

    private void Numbers(int[] columns, long window, long delay)
    {
        foreach (var column in columns)
        {
            foreach (var aggregation in Enum.GetValues<Aggregation>().Where(a => a is > Aggregation.None and <= Aggregation.Top or Aggregation.Quantile))
            {
                Feature(aggregation, column, window, delay);
            }
        }
    }
}
