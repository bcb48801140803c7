using Grid.Features.Plans;

namespace Grid.Features.Tests.Rows;

/// <summary>Event types for the tests of rows and sources: a payment, and the label that amends it.</summary>
internal static class TestPlans
{
    public static readonly EventPlan Payment = new()
    {
        Ordinal = 0,
        Name = "transaction",
        IdSlot = 0,
        TimeSlot = 1,
        Keys = [new(0, 2), new(1, 3)],
        Fields =
        [
            new() { Name = "transaction_id", Type = FieldType.String },
            new() { Name = "at", Type = FieldType.Timestamp },
            new() { Name = "card", Type = FieldType.String },
            new() { Name = "terminal", Type = FieldType.String },
            new() { Name = "amount", Type = FieldType.Decimal, Scale = 2, Min = 0, Max = 1_000_000 },
            new() { Name = "items", Type = FieldType.Integer, Required = false, Default = FieldSlot.OfBits(1) },
            new() { Name = "ratio", Type = FieldType.Number, Required = false, Min = -1, Max = 1 },
            new() { Name = "online", Type = FieldType.Boolean, Required = false },
            new() { Name = "expires", Type = FieldType.Timestamp, Required = false },
            new() { Name = "note", Type = FieldType.String, Required = false },
            new() { Name = "is_fraud", Type = FieldType.Boolean, Required = false, IsLabel = true, Default = FieldSlot.OfBits(0) },
        ],
    };

    public static readonly EventPlan Report = new()
    {
        Ordinal = 1,
        Name = "fraud_report",
        IdSlot = 0,
        TimeSlot = 1,
        Keys = [],
        Label = new(0, [(2, 10)]),
        Fields =
        [
            new() { Name = "transaction_id", Type = FieldType.String },
            new() { Name = "at", Type = FieldType.Timestamp },
            new() { Name = "is_fraud", Type = FieldType.Boolean },
        ],
    };

    public static EventTime At(string text) => EventTime.TryParse(text, out var time) ? time : throw new FormatException(text);
}
