using Grid.Decisions.Plans;
using Grid.Decisions.Turns;
using Grid.Features.Expressions;
using Grid.Features.Plans;

namespace Grid.Decisions.Tests.Turns;

/// <summary>A decision made by hand, small enough to check in the head: two own features, one foreign, one on-demand, two rules.</summary>
internal static class SmallDecision
{
    public static readonly EventPlan Payment = new()
    {
        Ordinal = 0,
        Name = "payment",
        Fields =
        [
            new() { Name = "id", Type = FieldType.String },
            new() { Name = "at", Type = FieldType.Timestamp },
            new() { Name = "card", Type = FieldType.String },
            new() { Name = "amount", Type = FieldType.Decimal, Scale = 2 },
        ],
        IdSlot = 0,
        TimeSlot = 1,
        Keys = [new(0, 2)],
    };

    private static readonly KindPlan Card = new() { Ordinal = 0, Name = "card", Timelines = [], Features = [] };

    private static readonly KindPlan Shop = new() { Ordinal = 1, Name = "shop", Timelines = [], Features = [] };

    /// <summary>Inputs: 0 and 1 own, 2 foreign, 3 twice the amount, 4 the score, 5 half of it. Vector: amount, own 0, doubled, foreign.</summary>
    public static DecisionPlan Plan { get; } = new()
    {
        Ordinal = 0,
        Name = "authorize",
        On = Payment,
        Owner = Card,
        OwnerKeySlot = 2,
        Own = new(Card, 2, [0, 1], 0),
        Foreign = [new(Shop, 2, [0], 2)],
        OnDemand = [new("doubled", new("2 * amount", ExpressionType.Number, (row, _) => Value.Of(2 * row![3].ToNumber(row.Plan.Fields[3]))), 3)],
        Inputs = 6,
        ScoreInput = 4,
        Outputs = [new("half", new("score / 2", ExpressionType.Number, (_, inputs) => Value.Of(inputs[4].Number / 2)), 5)],
        Vector = [new("amount", 3, -1), new("card.count", -1, 0), new("doubled", -1, 3), new("shop.risk", -1, 2)],
        Model = new("m", "m.onnx", "x", "p", []),
        Rules =
        [
            new("decline", new("score >= 0.5 and card.mean > 10", ExpressionType.Boolean, (_, inputs) => Value.Of(inputs[4].Number >= 0.5 && inputs[1].Number > 10 ? 1 : 0)), ["high", "rich"]),
            new("approve", null, []),
        ],
        Fallback = new("review", null, ["model_unavailable"]),
    };

    /// <summary>A frame whose turn has come to the vector, which is returned.</summary>
    public static float[] Assemble(TurnFrame frame, decimal amount, ReadValue count, ReadValue mean, ReadValue risk)
    {
        frame.Row.Reset(Payment);
        frame.Row.Set(0, FieldSlot.OfText("p1"));
        frame.Row.Set(1, FieldSlot.OfBits(1_000_000));
        frame.Row.Set(2, FieldSlot.OfText("4242"));
        frame.Row.Set(3, FieldSlot.OfBits((long)(amount * 100)));
        frame.Row.Seal();
        frame.Begin(Plan);
        frame.ReadsOf(Plan.Own)[0] = count;
        frame.ReadsOf(Plan.Own)[1] = mean;
        frame.ReadsOf(Plan.Foreign[0])[0] = risk;
        var vector = new float[4];
        frame.Assemble(vector);
        return vector;
    }

    public static ReadValue Read(double value, long newest = 999_000, bool approximate = false) => new(Value.Of(value), newest, approximate);
}
