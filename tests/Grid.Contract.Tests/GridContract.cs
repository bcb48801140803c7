namespace Grid.Contract.Tests;

/// <summary>
/// How every implementation of <see cref="IGrid"/> behaves, on the fraud bundle. One class per implementation inherits it, and each test
/// starts with an empty grid.
/// </summary>
public abstract class GridContract : IAsyncLifetime
{
    private const long Day = 86_400_000;
    private static readonly EventTime Noon = EventTime.FromUnixMilliseconds(1_530_000_000_000);

    protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private IGrid Grid { get; set; } = null!;

    protected abstract ValueTask<IGrid> StartAsync();

    protected abstract ValueTask StopAsync();

    public async ValueTask InitializeAsync() => Grid = await StartAsync();

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public void The_schema_says_what_the_bundle_defines()
    {
        Assert.Equal("fraud", Grid.Schema.Bundle);
        Assert.Equal(["transaction", "fraud_report"], Grid.Schema.Events.Select(type => type.Type));
        var authorize = Assert.Single(Grid.Schema.Decisions);
        Assert.Equal(("authorize", "transaction", "card", 15), (authorize.Name, authorize.Event, authorize.OwnerKind, authorize.Vector.Count));
        Assert.Equal(["decline", "review", "approve"], authorize.Actions);
    }

    [Fact]
    public async Task A_decision_says_what_to_do_and_everything_it_was_made_from()
    {
        var decision = await DecideAsync(Payment("t1", Noon, amount: 25.50m));

        Assert.Equal(("authorize", "t1", Noon), (decision.Name, decision.EventId, decision.At));
        Assert.Equal(new EntityId("card", "4242"), decision.Owner);
        Assert.StartsWith("trees@", decision.Model, StringComparison.Ordinal);
        Assert.StartsWith("fraud@1.0.0+", decision.Bundle, StringComparison.Ordinal);
        Assert.False(decision.Fallback || decision.Duplicate);
        Assert.Equal(Grid.Schema.Decisions[0].Vector, decision.Features.Select(feature => feature.Name));
        Assert.Equal([25.5, 0, 0, 1, 25.5, 1, 25.5, 1, 25.5, 0, 0, 0, 0, 0, 0], decision.Features.Select(feature => feature.Value));
        Assert.Equal(
            [.. Enumerable.Repeat(0L, 9), .. Enumerable.Repeat(FeatureReading.NoAge, 6)],
            decision.Features.Select(feature => feature.AgeMilliseconds));
    }

    // The second is on a Saturday at four. The scores: the leaves of trees.onnx on the vector of a first payment, summed up by a program of
    // its own and not by ONNX Runtime.
    [Fact]
    public async Task A_decision_is_what_the_policy_says_of_its_score()
    {
        (double Amount, long After, double Score, string Action, string Reason)[] expected =
        [
            (25.50, 0, 4.4189680e-5, "approve", ""),
            (25.50, (3 * Day) + (20 * 3_600_000), 3.4435069e-5, "approve", ""),
            (219.00, 0, 0.16886674, "review", "model_score_raised"),
            (300.00, 0, 0.98917826, "decline", "model_score_high"),
        ];
        foreach (var ((amount, after, score, action, reason), i) in expected.Select((one, i) => (one, i)))
        {
            var decision = await DecideAsync(Payment($"t{i}", After(after), $"card-{i}", (decimal)amount));

            var isSaturdayNight = after > 0 ? 1 : 0;
            Assert.Equal(
                [amount, isSaturdayNight, isSaturdayNight, 1, amount, 1, amount, 1, amount, 0, 0, 0, 0, 0, 0],
                decision.Features.Select(feature => feature.Value));
            Assert.Equal(score, decision.Score, 1e-6);
            Assert.Equal((action, reason), (decision.Action, string.Join(',', decision.Reasons)));
        }
    }

    [Fact]
    public async Task A_payment_counts_in_the_windows_it_is_decided_on()
    {
        await DecideAsync(Payment("t1", Noon, amount: 10));

        var second = await DecideAsync(Payment("t2", After(1000), amount: 30));

        Assert.Equal([30, 0, 0, 2, 20, 2, 20, 2, 20, 0, 0, 0, 0, 0, 0], second.Features.Select(feature => feature.Value));
        Assert.Equal(1.6614452e-4, second.Score, 1e-6); // As below.
    }

    [Fact]
    public async Task Every_feature_carries_the_age_of_the_newest_thing_it_is_made_of()
    {
        await IngestAsync(Payment("t1", Noon, card: "other"));

        var later = await DecideAsync(Payment("t2", After(8 * Day)));

        Assert.Equal(0, Feature(later, "card.tx_count_1d").AgeMilliseconds);
        Assert.Equal(8 * Day, Feature(later, "terminal.tx_count_7d").AgeMilliseconds);
        Assert.Equal(FeatureReading.NoAge, Feature(later, "terminal.tx_count_1d").AgeMilliseconds);
    }

    [Fact]
    public async Task Asking_again_gets_the_first_answer_again_and_changes_nothing()
    {
        var first = await DecideAsync(Payment("t1", Noon));
        await DecideAsync(Payment("t2", After(10)));

        var again = await DecideAsync(Payment("t1", Noon));

        Assert.True(again.Duplicate);
        Assert.Equal(Comparable(first), Comparable(again));
        Assert.Equal(2, (await CardAsync(After(20)))["tx_count_1d"].Value);
    }

    [Fact]
    public async Task Reused_id_with_other_content_is_a_conflict_and_changes_nothing()
    {
        var first = await DecideAsync(Payment("t1", Noon));
        await IngestAsync(Payment("t2", Noon, amount: 30));

        Event[] others = [Payment("t1", Noon, amount: 21), Payment("t1", After(1)), Payment("t2", Noon), Payment("t2", Noon, amount: 31)];
        foreach (var other in others)
        {
            var refused = await Assert.ThrowsAsync<GridException>(async () => await DecideAsync(other));
            var receipt = await IngestAsync(other);

            Assert.Equal((GridError.IdConflict, "transaction_id"), (refused.Error, refused.ValidationError?.Field));
            Assert.Contains($"'{other["transaction_id"].Text}' again of card '4242'", refused.ValidationError!.Found, StringComparison.Ordinal);
            Assert.Contains("the content of the earlier transaction of card '4242'", refused.ValidationError.Expected, StringComparison.Ordinal);
            Assert.Equal(EventReceipt.Conflict(refused.ValidationError), receipt);
        }

        Assert.Equal(first.Id, (await DecideAsync(Payment("t1", Noon))).Id);
        Assert.Equal(EventOutcome.Duplicate, (await IngestAsync(Payment("t2", Noon, amount: 30))).Outcome);
        Assert.Equal(2, (await CardAsync(After(1)))["tx_count_1d"].Value);
        Assert.Equal(25, (await CardAsync(After(1)))["amount_mean_1d"].Value);
        Assert.Equal(2, (await TerminalAsync(After(7 * Day)))["tx_count_1d"].Value);
    }

    [Fact]
    public async Task Reused_id_is_a_conflict_while_the_first_event_is_under_way()
    {
        var calls = Enumerable.Range(0, 20)
            .Select(i => Task.Run(async () => await IngestAsync(Payment("t1", Noon, amount: 1 + (i % 2))), Cancellation));

        var receipts = await Task.WhenAll(calls);

        Assert.Single(receipts, receipt => receipt.Outcome == EventOutcome.Accepted);
        Assert.Equal(9, receipts.Count(receipt => receipt.Outcome == EventOutcome.Duplicate));
        Assert.Equal(10, receipts.Count(receipt => receipt.Error == GridError.IdConflict));
        Assert.Equal(1, (await CardAsync(Noon))["tx_count_1d"].Value);
    }

    [Fact]
    public async Task Event_without_a_time_that_comes_again_is_a_duplicate()
    {
        var payment = Payment("t1", Noon);
        payment["at"] = default;
        var first = await DecideAsync(payment);

        var again = await DecideAsync(payment);

        Assert.Equal((true, first.Id, first.At), (again.Duplicate, again.Id, again.At));
        Assert.Equal(EventOutcome.Duplicate, (await IngestAsync(payment)).Outcome);
    }

    [Fact]
    public async Task An_event_told_twice_counts_once()
    {
        Assert.Equal(EventOutcome.Accepted, (await IngestAsync(Payment("t1", Noon))).Outcome);
        Assert.Equal(EventOutcome.Duplicate, (await IngestAsync(Payment("t1", Noon))).Outcome);

        Assert.Equal(1, (await CardAsync(Noon))["tx_count_1d"].Value);
    }

    [Fact]
    public async Task A_late_event_counts_where_it_belongs()
    {
        await IngestAsync(Payment("t2", After(2 * Day), amount: 30));
        await IngestAsync(Payment("t1", Noon, amount: 10));

        Assert.Equal(1, (await CardAsync(After(2 * Day)))["tx_count_1d"].Value);
        Assert.Equal(20, (await CardAsync(After(2 * Day)))["amount_mean_7d"].Value);
        Assert.Equal(1, (await CardAsync(After(Day)))["tx_count_7d"].Value);
    }

    [Fact]
    public async Task A_window_is_open_at_its_start_and_closed_at_its_end()
    {
        await IngestAsync(Payment("t1", Noon));

        Assert.Equal(1, (await CardAsync(Noon))["tx_count_1d"].Value);
        Assert.Equal(1, (await CardAsync(After(Day - 1)))["tx_count_1d"].Value);
        Assert.Equal(0, (await CardAsync(After(Day)))["tx_count_1d"].Value);
        Assert.Equal(0, (await CardAsync(EventTime.FromUnixMilliseconds(Noon.UnixMilliseconds - 1)))["tx_count_1d"].Value);
    }

    [Fact]
    public async Task A_label_counts_from_the_moment_it_is_known()
    {
        await IngestAsync(Payment("t1", Noon));
        await IngestAsync(Payment("t2", Noon, card: "other"));
        var known = After(7 * Day);

        Assert.Equal(EventOutcome.Accepted, (await IngestAsync(Report("t1", known))).Outcome);

        Assert.Equal(0.5, (await TerminalAsync(known))["risk_1d"].Value);
        Assert.Equal(0.5, (await TerminalAsync(After((7 * Day) + 1)))["risk_7d"].Value);
    }

    [Fact]
    public async Task A_label_known_late_is_not_seen_by_reads_of_earlier_moments()
    {
        await IngestAsync(Payment("t1", Noon));
        await IngestAsync(Report("t1", After(9 * Day)));

        Assert.Equal(0, (await TerminalAsync(After(8 * Day)))["risk_7d"].Value);
        Assert.Equal(1, (await TerminalAsync(After(9 * Day)))["risk_7d"].Value);
    }

    [Fact]
    public async Task A_label_may_come_before_its_event()
    {
        await IngestAsync(Report("t1", After(Day)));
        await IngestAsync(Payment("t1", Noon));

        Assert.Equal(1, (await TerminalAsync(After(8 * Day)))["risk_7d"].Value);
    }

    [Fact]
    public async Task An_entity_that_was_never_told_of_reads_as_empty()
    {
        var card = await CardAsync(Noon);

        Assert.Equal(0, card["tx_count_30d"].Value);
        Assert.True(card["card.amount_mean_30d"].IsMissing);
        Assert.Equal(0, (await TerminalAsync(Noon))["risk_1d"].Value);
    }

    [Fact]
    public async Task A_decision_is_found_by_its_id()
    {
        var made = await DecideAsync(Payment("t1", Noon));

        var found = await Grid.FindDecisionAsync(made.Id, Cancellation);

        Assert.NotNull(found);
        Assert.Equal(Comparable(made), Comparable(found));
    }

    [Fact]
    public async Task A_decision_that_was_never_made_is_not_found()
    {
        foreach (var id in new[] { "d-0", "nonsense", "d-zzzzzzzzzzzzzzzzzzzzzzzzzzz" })
        {
            Assert.Null(await Grid.FindDecisionAsync(id, Cancellation));
        }
    }

    [Fact]
    public async Task A_card_authorizes_payments_through_its_own_interface()
    {
        var card = Grid.Entity<ICard>("4242");

        var decision = await card.AuthorizeAsync(new("t1", Noon, "t-9", 12.34m), Cancellation);

        Assert.Equal(12.34, Value(decision, "amount"));
        Assert.Equal(1, (await card.FeaturesAsync(Noon, Cancellation))["tx_count_1d"].Value);
        Assert.Equal(0, (await Grid.Entity<ITerminal>("t-9").FeaturesAsync(Noon, Cancellation))["risk_1d"].Value);
    }

    [Fact]
    public async Task Concurrent_payments_of_a_card_take_turns()
    {
        var decisions = await Task.WhenAll(Enumerable.Range(0, 40)
            .Select(i => Task.Run(async () => await DecideAsync(Payment($"t{i}", Noon, amount: i)), Cancellation)));

        Assert.Equal(Enumerable.Range(1, 40).Select(i => (double)i), decisions.Select(made => Value(made, "card.tx_count_1d")).Order());
    }

    [Fact]
    public async Task Bad_input_names_the_field_and_changes_nothing()
    {
        (string Field, FieldValue Value)[] bad =
        [
            ("amount", -1m), ("amount", 1e15m), ("amount", "much"), ("amount", default), ("card", ""), ("card", 7.5m), ("terminal", default),
            ("at", "yesterday"), ("at", -1m), ("at", "2999-01-01T00:00:00Z"), ("transaction_id", ""), ("colour", "red"), ("is_fraud", true),
        ];
        foreach (var (field, value) in bad)
        {
            var payment = Payment("t1", Noon);
            payment[field] = value;

            var refused = await Assert.ThrowsAsync<GridException>(async () => await DecideAsync(payment));
            var receipt = await IngestAsync(payment);

            Assert.Equal((GridError.InvalidInput, field), (refused.Error, refused.ValidationError?.Field));
            Assert.Equal((EventOutcome.Rejected, field), (receipt.Outcome, receipt.ValidationError?.Field));
        }

        Assert.Equal(0, (await CardAsync(Noon))["tx_count_30d"].Value);
    }

    [Fact]
    public async Task Unknown_names_are_told_with_the_known_ones()
    {
        var decision = await Assert.ThrowsAsync<GridException>(async () => await Grid.DecideAsync("autorize", Payment("t1", Noon), Cancellation));
        var kind = await Assert.ThrowsAsync<GridException>(async () => await Grid.ReadFeaturesAsync(new("cart", "1"), Noon, Cancellation));

        Assert.Equal(GridError.UnknownName, decision.Error);
        Assert.Contains("authorize", decision.Message, StringComparison.Ordinal);
        Assert.Equal(GridError.UnknownName, kind.Error);
        Assert.Contains("terminal", kind.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_request_that_does_not_fit_the_schema_is_refused_and_changes_nothing()
    {
        var unknown = await IngestAsync(new Event("teleport") { ["at"] = Noon });
        var label = await RefusedAsync(() => Grid.DecideAsync("authorize", Report("t1", Noon), Cancellation).AsTask());
        var ranking = await RefusedAsync(() => Grid.RankAsync("authorize", Payment("t1", Noon), [], Cancellation).AsTask());
        var huge = await RefusedAsync(() => DecideAsync(Payment("t1", Noon, card: new('x', 300))).AsTask());
        var empty = await RefusedAsync(() => Grid.ReadFeaturesAsync(new("card", ""), Noon, Cancellation).AsTask());

        Assert.Equal(EventOutcome.Rejected, unknown.Outcome);
        Assert.Contains("transaction", unknown.ValidationError!.Expected, StringComparison.Ordinal);
        Assert.All([label, ranking, huge, empty], refused => Assert.Equal(GridError.InvalidInput, refused.Error));
        Assert.NotNull(ranking.ValidationError);
        Assert.Equal("card", huge.ValidationError!.Field);
        Assert.Contains("256", huge.ValidationError.Expected, StringComparison.Ordinal);
        Assert.Equal(0, (await CardAsync(Noon))["tx_count_30d"].Value);

        static Task<GridException> RefusedAsync(Func<Task> call) => Assert.ThrowsAsync<GridException>(call);
    }

    private static Event Payment(string id, EventTime at, string card = "4242", decimal amount = 20) => new("transaction")
    {
        ["transaction_id"] = id,
        ["at"] = at,
        ["card"] = card,
        ["terminal"] = "t-9",
        ["amount"] = amount,
    };

    private static Event Report(string id, EventTime known) =>
        new("fraud_report") { ["transaction_id"] = id, ["at"] = known, ["is_fraud"] = true };

    private static EventTime After(long milliseconds) => EventTime.FromUnixMilliseconds(Noon.UnixMilliseconds + milliseconds);

    private static FeatureReading Feature(Decision decision, string name) => decision.Features.Single(feature => feature.Name == name);

    private static double Value(Decision decision, string name) => Feature(decision, name).Value;

    // All of a decision but whether it is told again.
    private static string Comparable(Decision made) => string.Join('|', (object[])
        [made.Id, made.Name, made.Owner, made.EventId, made.At, made.Action, made.Score, made.Model, made.Bundle, made.Fallback,
            .. made.Reasons, .. made.Features]);

    private ValueTask<Decision> DecideAsync(Event payment) => Grid.DecideAsync("authorize", payment, Cancellation);

    private ValueTask<EventReceipt> IngestAsync(Event happened) => Grid.IngestAsync(happened, Cancellation);

    private ValueTask<EntityFeatures> CardAsync(EventTime at) => Grid.ReadFeaturesAsync(new("card", "4242"), at, Cancellation);

    private ValueTask<EntityFeatures> TerminalAsync(EventTime at) => Grid.ReadFeaturesAsync(new("terminal", "t-9"), at, Cancellation);
}
