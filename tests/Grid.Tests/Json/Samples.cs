namespace Grid.Tests.Json;

internal static class Samples
{
    public static readonly EventSchema Payment = new(
        "transaction",
        "transaction_id",
        "at",
        [
            new("transaction_id", FieldType.String, 0, true, null, null),
            new("at", FieldType.Timestamp, 0, true, null, null),
            new("card", FieldType.String, 0, true, null, null),
            new("amount", FieldType.Decimal, 2, true, 0, 1_000_000.5m),
            new("ratio", FieldType.Number, 0, false, null, null),
            new("online", FieldType.Boolean, 0, false, null, null),
            new("items", FieldType.Integer, 0, false, null, null),
        ],
        null);

    public static readonly GridSchema Schema = new(
        "fraud",
        "1.0.0+9c01be2d43fa",
        [Payment, new("fraud_report", "transaction_id", "at", [new("transaction_id", FieldType.String, 0, true, null, null)], "transaction")],
        [new("card", [new("tx_count_1d", "count of transaction over 1d", 86_400_000, 0), new("last", "last transaction", null, 604_800_000)])],
        [new("authorize", "transaction", "card", ["amount", "card.tx_count_1d"], "trees", ["decline", "review", "approve"], ["loss"])]);

    public static Decision Decision(double score = 0.9234, bool fallback = false, bool duplicate = false) => new()
    {
        Id = "d-1",
        Name = "authorize",
        Owner = new("card", "42/é\"42"),
        EventId = "t1",
        At = EventTime.FromUnixMilliseconds(1_532_476_829_007),
        Action = "decline",
        Score = score,
        Reasons = ["model_score_high"],
        Outputs = [new("loss", 12.5), new("none", double.NaN)],
        Features =
        [
            new("amount", 57.16, null, 0),
            new("card.tx_count_1d", 3, null, 12_345),
            new("card.amount_mean_30d", double.NaN, null, FeatureReading.NoAge),
            new("card.top_country", double.NaN, "FR", 5, Approximate: true),
        ],
        Model = "trees@3fa9c01be2d4",
        Bundle = "fraud@1.0.0+9c01be2d43fa",
        Fallback = fallback,
        Duplicate = duplicate,
    };
}
