namespace Grid.Gateway.Tests;

/// <summary>
/// A grid that does what a test says, for what a real one does seldom: being full, being late, failing. It keeps what it was told, so that a test can
/// say that it was told nothing.
/// </summary>
internal sealed class ScriptedGrid : IGrid
{
    public static readonly GridSchema Fraud = new(
        "fraud", "1.0.0",
        [
            new("transaction", "transaction_id", "at",
            [
                new("transaction_id", FieldType.String, 0, true, null, null),
                new("at", FieldType.Timestamp, 0, false, null, null),
                new("card", FieldType.String, 0, true, null, null),
                new("terminal", FieldType.String, 0, true, null, null),
                new("amount", FieldType.Decimal, 2, true, 0, 1_000_000),
            ], null),
            new("fraud_report", "transaction_id", "at",
            [
                new("transaction_id", FieldType.String, 0, true, null, null),
                new("at", FieldType.Timestamp, 0, false, null, null),
                new("is_fraud", FieldType.Boolean, 0, true, null, null),
            ], "transaction"),
        ],
        [
            new("card", [new("tx_count_1d", "count of transaction over 1d", 86_400_000, 0)]),
            new("terminal", [new("risk_7d", "mean of transaction.is_fraud over 7d, 7d ago", 604_800_000, 604_800_000)]),
        ],
        [new("authorize", "transaction", "card", ["amount", "card.tx_count_1d", "terminal.risk_7d"], "trees", ["decline", "review", "approve"], [])]);

    /// <summary>The same, and a decision that ranks up to a thousand terminals.</summary>
    public static readonly GridSchema WithRanking = Fraud with
    {
        Decisions =
        [
            .. Fraud.Decisions,
            new("suggest", "transaction", "card", [], "trees", ["show"], [], new("terminal", "terminal_key", 1_000,
            [
                new("terminal_key", FieldType.String, 0, true, null, null),
                new("distance_m", FieldType.Integer, 0, false, null, null),
            ])),
        ],
    };

    private readonly Lock _told = new();

    /// <summary>Copies of the events that came in, in their order.</summary>
    public List<Dictionary<string, FieldValue>> Told { get; } = [];

    public List<(EntityId Entity, EventTime? At)> Reads { get; } = [];

    public Func<Event, CancellationToken, ValueTask<EventReceipt>> OnIngest { get; init; } = (_, _) => new(EventReceipt.Accepted);

    public Func<Event, CancellationToken, ValueTask<Decision>> OnDecide { get; init; } = (request, _) => new(DecisionOf(request));

    public GridSchema Schema { get; init; } = Fraud;

    public List<BatchFile> Batches { get; } = [];

    public List<IReadOnlyList<Event>> Ranked { get; } = [];

    public static Decision DecisionOf(Event request) => new()
    {
        Id = "d-1",
        Name = "authorize",
        Owner = new("card", request["card"].Text ?? ""),
        EventId = request["transaction_id"].Text ?? "",
        At = EventTime.TryParse(request["at"].Text, out var at) ? at : default,
        Action = "review",
        Score = 0.625,
        Reasons = ["model_score_raised"],
        Features =
        [
            new("amount", (double)request["amount"].Exact, null, 0),
            new("card.tx_count_1d", 3, null, 4_200, Approximate: true),
            new("terminal.risk_7d", double.NaN, null, FeatureReading.NoAge),
            new("card.top_country", double.NaN, "FR", 7),
        ],
        Model = "trees@3fa9c01be2d4",
        Bundle = "fraud@1.0.0+9c01be2d43fa",
    };

    public ValueTask<EventReceipt> IngestAsync(Event happened, CancellationToken cancellation)
    {
        Keep(happened);
        return OnIngest(happened, cancellation);
    }

    public ValueTask<Decision> DecideAsync(string decision, Event request, CancellationToken cancellation)
    {
        Assert.Equal("authorize", decision);
        Keep(request);
        return OnDecide(request, cancellation);
    }

    public ValueTask<EntityFeatures> ReadFeaturesAsync(EntityId entity, EventTime? at, CancellationToken cancellation)
    {
        Reads.Add((entity, at));
        if (entity.Kind != "card")
        {
            throw GridException.Unknown("kind", entity.Kind, ["card", "terminal"]);
        }

        return new(new EntityFeatures(entity, at ?? EventTime.FromUnixMilliseconds(0), [new("card.tx_count_1d", 3, null, 4_200)]));
    }

    public ValueTask<Ranking> RankAsync(string decision, Event request, IReadOnlyList<Event> candidates, CancellationToken cancellation)
    {
        Keep(request);
        Ranked.Add(candidates);
        return new(new Ranking
        {
            Id = "r-1",
            Name = decision,
            Owner = new("card", request["card"].Text ?? ""),
            EventId = request["transaction_id"].Text ?? "",
            At = default,
            Items = [],
            Model = "m",
            Bundle = "b",
        });
    }

    public ValueTask<Ranking?> FindRankingAsync(string rankingId, CancellationToken cancellation) => new((Ranking?)null);

    public ValueTask<BatchReceipt> LoadBatchAsync(BatchFile file, CancellationToken cancellation)
    {
        Batches.Add(file);
        return new(new BatchReceipt(file.Kind, file.Features, file.Rows.Count, default, default, default));
    }

    public ValueTask<Decision?> FindDecisionAsync(string decisionId, CancellationToken cancellation) =>
        new(decisionId == "d-1" ? DecisionOf(new Event("transaction") { ["card"] = "4242", ["transaction_id"] = "t-1", ["amount"] = 12.5m }) : null);

    public TEntity Entity<TEntity>(string key)
        where TEntity : class, IEntity => throw new NotSupportedException("The gateway asks by name.");

    private void Keep(Event happened)
    {
        lock (_told)
        {
            Told.Add(happened.Where(field => field.Value.Given != FieldType.None).ToDictionary(field => field.Key, field => field.Value));
        }
    }
}
