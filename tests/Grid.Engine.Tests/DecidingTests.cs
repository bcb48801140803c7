namespace Grid.Engine.Tests;

public sealed class DecidingTests
{
    [Fact]
    public async Task A_decision_counts_its_own_payment_and_tells_the_terminal()
    {
        using var folder = new TestFolder();
        await using var grid = Fraud.Open(folder);

        var first = await grid.DecideAsync("authorize", Fraud.Payment("t1", "c1", "m1", 0, 10), default);
        var second = await grid.DecideAsync("authorize", Fraud.Payment("t2", "c1", "m1", 60, 20), default);

        // The scores: the leaves of trees.onnx summed up by a program of its own, not by ONNX Runtime. The start is a Tuesday, 08:00.
        AssertMade(first, 1.8825818e-4, [10, 0, 0, 1, 10, 1, 10, 1, 10, 0, 0, 0, 0, 0, 0]);
        AssertMade(second, 7.4974410e-5, [20, 0, 0, 2, 15, 2, 15, 2, 15, 0, 0, 0, 0, 0, 0]);
        Assert.Equal(2, await Fraud.ReadAsync(grid, "terminal", "m1", "tx_count_1d", 60 + (7 * 86400)));
    }

    [Theory]
    [InlineData(Durability.Committed)]
    [InlineData(Durability.Received)]
    public async Task The_same_request_again_gets_the_first_answer_and_changes_nothing(Durability durability)
    {
        using var folder = new TestFolder();
        await using var grid = Fraud.Open(folder, options => options.Durability = durability);
        var first = await grid.DecideAsync("authorize", Fraud.Payment("t1", "c1", "m1", 0, 10), default);
        await grid.DecideAsync("authorize", Fraud.Payment("t2", "c1", "m1", 1, 10), default);

        var again = await grid.DecideAsync("authorize", Fraud.Payment("t1", "c1", "m1", 0, 10), default);

        Assert.True(again.Duplicate);
        AssertSame(first, again);
        Assert.Equal(2, await Fraud.ReadAsync(grid, "card", "c1", "tx_count_1d", 5));
    }

    [Fact]
    public async Task A_decision_is_found_by_its_id_before_and_after_a_restart()
    {
        using var folder = new TestFolder();
        Decision made;
        await using (var grid = Fraud.Open(folder))
        {
            made = await grid.DecideAsync("authorize", Fraud.Payment("t1", "c1", "m1", 0), default);
            AssertSame(made, await grid.FindDecisionAsync(made.Id, default));
        }

        await using var reopened = Fraud.Open(folder);
        AssertSame(made, await reopened.FindDecisionAsync(made.Id, default));
        Assert.Null(await reopened.FindDecisionAsync("d-zzzz", default));
        Assert.Null(await reopened.FindDecisionAsync("what", default));
    }

    [Fact]
    public async Task An_event_that_was_observed_can_be_decided_on_and_counts_once()
    {
        using var folder = new TestFolder();
        await using (var grid = Fraud.Open(folder))
        {
            Assert.Equal(EventOutcome.Accepted, (await grid.IngestAsync(Fraud.Payment("t1", "c1", "m1", 0), default)).Outcome);
            var decision = await grid.DecideAsync("authorize", Fraud.Payment("t1", "c1", "m1", 0), default);
            var again = await grid.DecideAsync("authorize", Fraud.Payment("t1", "c1", "m1", 0), default);

            Assert.False(decision.Duplicate);
            Assert.True(again.Duplicate);
            Assert.Equal(decision.Id, again.Id);
            Assert.Equal(1, await Fraud.ReadAsync(grid, "card", "c1", "tx_count_1d", 5));
            Assert.Equal(EventOutcome.Duplicate, (await grid.IngestAsync(Fraud.Payment("t1", "c1", "m1", 0), default)).Outcome);
            grid.Abandon();
        }

        await using var reopened = Fraud.Open(folder);
        Assert.Equal(1, await Fraud.ReadAsync(reopened, "card", "c1", "tx_count_1d", 5));
        Assert.Equal(1, await Fraud.ReadAsync(reopened, "terminal", "m1", "tx_count_1d", 7 * 86400));
    }

    [Fact]
    public async Task Ten_thousand_times_exactly_one_of_two_payments_at_the_same_moment_sees_the_other()
    {
        using var folder = new TestFolder();
        await using var grid = Fraud.Open(folder, options => options.Durability = Durability.Received);
        const int Times = 10_000;
        var counts = new[] { new double[Times], new double[Times] };
        using var barrier = new Barrier(2);
        Exception? failure = null;

        void Pay(int who)
        {
            try
            {
                for (var i = 0; i < Times; i++)
                {
                    var payment = Fraud.Payment($"{who}-{i}", $"card {i}", $"terminal {i % 50}", i);
                    barrier.SignalAndWait();
                    var decision = grid.DecideAsync("authorize", payment, default).AsTask().GetAwaiter().GetResult();
                    counts[who][i] = decision.Features[3].Value;
                }
            }
            catch (Exception e)
            {
                failure = e;
                barrier.RemoveParticipant();
            }
        }

        var other = new Thread(() => Pay(1));
        other.Start();
        Pay(0);
        other.Join();

        Assert.Null(failure);
        for (var i = 0; i < Times; i++)
        {
            Assert.Equal(3, counts[0][i] + counts[1][i]); // One of them saw one payment, its own; the other saw two.
        }

        double told = 0;
        for (var i = 0; i < 50; i++)
        {
            told += await Fraud.ReadAsync(grid, "terminal", $"terminal {i}", "tx_count_30d", Times + (7 * 86400));
        }

        Assert.Equal(2 * Times, told);
    }

    [Fact]
    public async Task Bad_input_is_refused_by_field_and_changes_nothing()
    {
        using var folder = new TestFolder();
        await using var grid = Fraud.Open(folder);

        var negative = await Assert.ThrowsAsync<GridException>(async () => await grid.DecideAsync("authorize", Fraud.Payment("t1", "c1", "m1", 0, -1), default));
        var unknown = await Assert.ThrowsAsync<GridException>(async () => await grid.DecideAsync("authorise", Fraud.Payment("t1", "c1", "m1", 0), default));
        var keyless = await Assert.ThrowsAsync<GridException>(async () => await grid.DecideAsync("authorize", Fraud.Payment("t1", "", "m1", 0), default));
        var type = await Assert.ThrowsAsync<GridException>(async () => await grid.DecideAsync("authorize", Fraud.Report("t1", 0), default));
        var far = await Assert.ThrowsAsync<GridException>(async () => await grid.DecideAsync("authorize", Fraud.Payment("t1", "c1", "m1", 10_000_000_000), default));
        var kind = await Assert.ThrowsAsync<GridException>(async () => await grid.ReadFeaturesAsync(new("cards", "c1"), null, default));
        var key = await Assert.ThrowsAsync<GridException>(async () => await grid.ReadFeaturesAsync(new("card", new string('x', 300)), null, default));
        var receipt = await grid.IngestAsync(Fraud.Payment("t1", "c1", "m1", 0, -1), default);
        var nothing = await grid.IngestAsync(new Event("refund"), default);

        Assert.Equal(("amount", GridError.InvalidInput), (negative.ValidationError!.Field, negative.Error));
        Assert.Equal(GridError.UnknownName, unknown.Error);
        Assert.Equal("card", keyless.ValidationError!.Field);
        Assert.Equal("type", type.ValidationError!.Field);
        Assert.Equal("at", far.ValidationError!.Field);
        Assert.Equal(GridError.UnknownName, kind.Error);
        Assert.Equal("key", key.ValidationError!.Field);
        Assert.Equal((EventOutcome.Rejected, "amount"), (receipt.Outcome, receipt.ValidationError!.Field));
        Assert.Equal((EventOutcome.Rejected, "type"), (nothing.Outcome, nothing.ValidationError!.Field));
        Assert.Equal(0, grid.ResidentEntities);
        Assert.Equal(0, grid.Core.Journal.LastGiven);
        Assert.Equal(0, grid.Core.Calls);
    }

    [Fact]
    public async Task A_card_view_authorizes_and_reads()
    {
        using var folder = new TestFolder();
        await using var grid = Fraud.Open(folder);
        var card = grid.Entity<ICard>("c1");

        var decision = await card.AuthorizeAsync(new("t1", Fraud.At(0), "m1", 10), default);

        Assert.Equal(new EntityId("card", "c1"), decision.Owner);
        Assert.Equal(1, (await card.FeaturesAsync(Fraud.At(1), default))["tx_count_1d"].Value);
        Assert.Equal(1, (await grid.Entity<ITerminal>("m1").FeaturesAsync(Fraud.At(7 * 86400), default))["tx_count_1d"].Value);
        Assert.Throws<GridException>(() => grid.Entity<ICard>(""));
    }

    [Fact]
    public async Task More_calls_than_may_wait_are_refused_at_once()
    {
        using var folder = new TestFolder();
        await using var grid = Fraud.Open(folder, options => options.MaxWaiting = 1);
        using var held = new ManualResetEventSlim();
        var hold = grid.WriteAsync(_ => held.Wait());
        var waiting = grid.DecideAsync("authorize", Fraud.Payment("t1", "c1", "m1", 0), default).AsTask();

        var refused = await Assert.ThrowsAsync<GridException>(async () => await grid.DecideAsync("authorize", Fraud.Payment("t2", "c1", "m1", 0), default));
        held.Set();
        await hold;

        Assert.Equal(GridError.Unavailable, refused.Error);
        Assert.Equal("t1", (await waiting).EventId);
    }

    /// <summary>A payment that is approved, at a terminal of which nothing is known a week ago.</summary>
    private static void AssertMade(Decision made, double score, double[] vector)
    {
        Assert.Equal(vector, made.Features.Select(one => one.Value));
        Assert.Equal(
            [.. Enumerable.Repeat(0L, 9), .. Enumerable.Repeat(FeatureReading.NoAge, 6)],
            made.Features.Select(one => one.AgeMilliseconds));
        Assert.Equal(score, made.Score, 1e-7);
        Assert.Equal(("approve", false, false), (made.Action, made.Fallback, made.Duplicate));
        Assert.Empty(made.Reasons);
        Assert.StartsWith("trees@", made.Model, StringComparison.Ordinal);
    }

    private static void AssertSame(Decision expected, Decision? actual)
    {
        Assert.NotNull(actual);
        Assert.Equal(
            (expected.Id, expected.Name, expected.Owner, expected.EventId, expected.At, expected.Action, expected.Score, expected.Model, expected.Bundle, expected.Fallback),
            (actual.Id, actual.Name, actual.Owner, actual.EventId, actual.At, actual.Action, actual.Score, actual.Model, actual.Bundle, actual.Fallback));
        Assert.Equal(expected.Reasons, actual.Reasons);
        Assert.Equal(expected.Features, actual.Features);
    }
}
