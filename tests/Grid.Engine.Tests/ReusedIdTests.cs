using Grid.Decisions.Records;
using Grid.Features.Binary;
using Grid.Features.Plans;
using Grid.Features.Rows;
using Microsoft.Extensions.Time.Testing;

namespace Grid.Engine.Tests;

/// <summary>An id that comes again: the same event is a duplicate, another one a conflict, whenever it is asked.</summary>
public sealed class ReusedIdTests
{
    private const long Week = 7 * 86400;

    /// <summary>What happened between the first event of an id and the second.</summary>
    public enum Since
    {
        Nothing,
        Commit,
        Checkpoint,
        TwoCheckpoints,
        Restart,
        CheckpointAndRestart,
    }

    public static TheoryData<Since> AllSince => [.. Enum.GetValues<Since>()];

    [Theory]
    [MemberData(nameof(AllSince))]
    public async Task Reused_id_with_another_card_or_amount_is_refused_and_changes_nothing(Since since)
    {
        using var folder = new TestFolder();
        var grid = Fraud.Open(folder, Received);
        var first = await grid.DecideAsync("authorize", Fraud.Payment("1001", "cardA", "m1", 0, 10), default);

        grid = await LetPassAsync(grid, folder, since);
        await using (grid)
        {
            var given = grid.Core.Journal.LastGiven;
            Event[] others =
            [
                Fraud.Payment("1001", "cardB", "m2", 0, 900),
                Fraud.Payment("1001", "cardA", "m1", 0, 11),
                Fraud.Payment("1001", "cardA", "m1", 60, 10),
            ];
            foreach (var other in others)
            {
                var refused = await RefusedAsync(grid, other);
                var receipt = await grid.IngestAsync(other, default);

                Assert.Equal((GridError.IdConflict, "transaction_id", false), (refused.Error, refused.ValidationError!.Field, refused.IsTransient));
                Assert.Equal(EventReceipt.Conflict(refused.ValidationError!), receipt);
            }

            var again = await grid.DecideAsync("authorize", Fraud.Payment("1001", "cardA", "m1", 0, 10), default);
            Assert.Equal(EventReceipt.Duplicate, await grid.IngestAsync(Fraud.Payment("1001", "cardA", "m1", 0, 10), default));

            Assert.Equal((true, first.Id, first.Action, first.Score), (again.Duplicate, again.Id, again.Action, again.Score));
            Assert.Equal(given, grid.Core.Journal.LastGiven);
            Assert.Equal(1, await Fraud.ReadAsync(grid, "card", "cardA", "tx_count_1d", 60));
            Assert.Equal(10, await Fraud.ReadAsync(grid, "card", "cardA", "amount_mean_1d", 60));
            Assert.Equal(0, await Fraud.ReadAsync(grid, "card", "cardB", "tx_count_1d", 60));
            Assert.Equal(0, await Fraud.ReadAsync(grid, "terminal", "m2", "tx_count_30d", 60 + Week));
            grid.Abandon();
        }
    }

    [Theory]
    [MemberData(nameof(AllSince))]
    public async Task Reused_id_of_an_observed_event_is_refused_and_the_same_event_is_decided_on_once(Since since)
    {
        using var folder = new TestFolder();
        var grid = Fraud.Open(folder, Received);
        Assert.Equal(EventReceipt.Accepted, await grid.IngestAsync(Fraud.Payment("1001", "cardA", "m1", 0, 10), default));

        grid = await LetPassAsync(grid, folder, since);
        await using (grid)
        {
            var refused = await RefusedAsync(grid, Fraud.Payment("1001", "cardB", "m1", 0, 10));
            var receipt = await grid.IngestAsync(Fraud.Payment("1001", "cardB", "m1", 0, 10), default);
            var made = await grid.DecideAsync("authorize", Fraud.Payment("1001", "cardA", "m1", 0, 10), default);
            var again = await grid.DecideAsync("authorize", Fraud.Payment("1001", "cardA", "m1", 0, 10), default);

            Assert.Equal((GridError.IdConflict, GridError.IdConflict), (refused.Error, receipt.Error));
            Assert.Equal((false, true, made.Id), (made.Duplicate, again.Duplicate, again.Id));
            Assert.Equal(1, made.Features.Single(one => one.Name == "card.tx_count_1d").Value);
            Assert.Equal(1, await Fraud.ReadAsync(grid, "terminal", "m1", "tx_count_1d", Week));
            grid.Abandon();
        }
    }

    [Fact]
    public async Task Conflict_names_the_id_and_both_owners_and_what_differs()
    {
        using var folder = new TestFolder();
        await using var grid = Fraud.Open(folder);
        await grid.DecideAsync("authorize", Fraud.Payment("1001", "cardA", "m1", 0, 10), default);

        var refused = await RefusedAsync(grid, Fraud.Payment("1001", "cardB", "m1", 0, 900));

        Assert.Equal(
            new ValidationError(
                "transaction_id",
                "'1001' again of card 'cardB' with amount 900",
                "a new id, or the content of the earlier transaction of card 'cardA' with amount 10"),
            refused.ValidationError);
    }

    [Theory]
    [MemberData(nameof(AllSince))]
    public async Task Label_reaches_the_one_event_it_names(Since since)
    {
        using var folder = new TestFolder();
        var grid = Fraud.Open(folder, Received);
        await grid.IngestAsync(Fraud.Payment("q1", "P", "SP", 0), default);

        grid = await LetPassAsync(grid, folder, since);
        await using (grid)
        {
            Assert.Equal(GridError.IdConflict, (await grid.IngestAsync(Fraud.Payment("q1", "Q", "SQ", 0), default)).Error);
            Assert.Equal(EventReceipt.Accepted, await grid.IngestAsync(Fraud.Report("q1", 100), default));
            await grid.CheckpointAsync(default);
            Assert.Equal(EventReceipt.Duplicate, await grid.IngestAsync(Fraud.Report("q1", 100), default));

            Assert.Equal(1, await Fraud.ReadAsync(grid, "terminal", "SP", "risk_1d", Week + 10));
            Assert.Equal(0, await Fraud.ReadAsync(grid, "terminal", "SQ", "tx_count_1d", Week + 10));
            grid.Abandon();
        }
    }

    [Fact]
    public async Task Time_that_was_left_out_is_no_difference()
    {
        using var folder = new TestFolder();
        var time = new FakeTimeProvider(DateTimeOffset.FromUnixTimeMilliseconds(Fraud.Start));
        await using var grid = EmbeddedGrid.Open(Fraud.Bundle, folder.Options(), time, Fraud.Models);
        var first = await grid.DecideAsync("authorize", Timeless("t1"), default);
        time.Advance(TimeSpan.FromMinutes(1));

        var again = await grid.DecideAsync("authorize", Timeless("t1"), default);
        var named = await grid.DecideAsync("authorize", Fraud.Payment("t1", "c1", "m1", 0), default);
        var other = await grid.IngestAsync(Fraud.Payment("t1", "c1", "m1", 60), default);

        Assert.Equal((Fraud.At(0), false), (first.At, first.Duplicate));
        Assert.All([again, named], one => Assert.Equal((true, first.Id, first.At), (one.Duplicate, one.Id, one.At)));
        Assert.Equal(GridError.IdConflict, other.Error);
        Assert.Equal(1, await Fraud.ReadAsync(grid, "card", "c1", "tx_count_1d", 60));
    }

    [Fact]
    public async Task Event_that_was_observed_without_a_time_is_decided_on_at_its_own_time_and_once()
    {
        using var folder = new TestFolder();
        var time = new FakeTimeProvider(DateTimeOffset.FromUnixTimeMilliseconds(Fraud.Start));
        await using var grid = EmbeddedGrid.Open(Fraud.Bundle, folder.Options(), time, Fraud.Models);
        await grid.IngestAsync(Timeless("t1"), default);
        time.Advance(TimeSpan.FromMinutes(1));
        await grid.IngestAsync(Fraud.Payment("t2", "c1", "m1", 30), default);

        var made = await grid.DecideAsync("authorize", Timeless("t1"), default);
        var again = await grid.DecideAsync("authorize", Fraud.Payment("t1", "c1", "m1", 0), default);

        Assert.Equal(Fraud.At(0), made.At);
        Assert.Equal(1, made.Features.Single(one => one.Name == "card.tx_count_1d").Value); // As of the event's time, ahead of t2.
        Assert.Equal((true, made.Id), (again.Duplicate, again.Id));
    }

    [Fact]
    public async Task Ten_thousand_times_exactly_one_of_two_cards_gets_an_id_that_both_send_at_the_same_moment()
    {
        using var folder = new TestFolder();
        await using var grid = Fraud.Open(folder, Received);
        const int Times = 10_000;
        var taken = new bool[2][];
        using var barrier = new Barrier(2);

        void Pay(int who)
        {
            taken[who] = new bool[Times];
            try
            {
                for (var i = 0; i < Times; i++)
                {
                    var payment = Fraud.Payment($"id {i}", $"card {who} {i % 50}", $"terminal {who}", i);
                    barrier.SignalAndWait();
                    taken[who][i] = who == 0 ? IsDecided(payment) : IsAccepted(payment);
                }
            }
            finally
            {
                barrier.RemoveParticipant();
            }
        }

        bool IsDecided(Event payment)
        {
            try
            {
                return !grid.DecideAsync("authorize", payment, default).AsTask().GetAwaiter().GetResult().Duplicate;
            }
            catch (GridException e) when (e.Error == GridError.IdConflict)
            {
                return false;
            }
        }

        bool IsAccepted(Event payment) =>
            grid.IngestAsync(payment, default).AsTask().GetAwaiter().GetResult() is { Outcome: EventOutcome.Accepted };

        var other = Task.Factory.StartNew(() => Pay(1), default, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        Pay(0);
        await other;

        Assert.All(Enumerable.Range(0, Times), i => Assert.True(taken[0][i] ^ taken[1][i], $"id {i}: {taken[0][i]}, {taken[1][i]}"));
        for (var who = 0; who < 2; who++)
        {
            var count = await Fraud.ReadAsync(grid, "terminal", $"terminal {who}", "tx_count_30d", Times + Week);
            Assert.Equal(taken[who].Count(one => one), count);
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Event_waits_for_another_of_its_id_that_is_being_taken_in(bool isTaken)
    {
        using var folder = new TestFolder();
        await using var grid = Fraud.Open(folder, Received);
        var key = grid.Core.EventsByName["transaction"].IdKeyOf(StableHash.Of("t1"));
        Assert.Equal(IdClaim.New, grid.Core.Ids.TryClaim(key));

        var decision = grid.DecideAsync("authorize", Fraud.Payment("t1", "c1", "m1", 0), default).AsTask();
        var receipt = grid.IngestAsync(Fraud.Payment("t1", "c2", "m1", 0), default).AsTask();
        Assert.False(decision.IsCompleted || receipt.IsCompleted);
        if (isTaken)
        {
            Append(grid, Fraud.Payment("t1", "c2", "m1", 0));
        }

        grid.Core.Ids.Release(key);

        if (isTaken)
        {
            Assert.Equal(GridError.IdConflict, (await Assert.ThrowsAsync<GridException>(() => decision)).Error);
            Assert.Equal(EventReceipt.Duplicate, await receipt);
        }
        else
        {
            Assert.Equal((false, GridError.IdConflict), ((await decision).Duplicate, (await receipt).Error));
        }

        Assert.Equal(IdClaim.Seen, grid.Core.Ids.TryClaim(key)); // Nobody has it any more.
    }

    [Fact]
    public async Task Refused_event_leaves_its_id_free()
    {
        using var folder = new TestFolder();
        await using var grid = Fraud.Open(folder, Received);
        (grid.Core.Journal.Failing, grid.Core.Journal.Failed) = (null, null); // It stays as it is, and calls still come to it.
        grid.Core.Journal.Fail(new IOException("for a test"));
        var refused = await RefusedAsync(grid, Fraud.Payment("t1", "c1", "m1", 0));

        Assert.Equal(GridError.Unavailable, refused.Error);
        Assert.Equal(IdClaim.New, grid.Core.Ids.TryClaim(grid.Core.EventsByName["transaction"].IdKeyOf(StableHash.Of("t1"))));
    }

    [Theory]
    [MemberData(nameof(AllSince))]
    public async Task Old_journal_with_two_events_of_one_id_answers_each_with_its_own_and_labels_the_first(Since since)
    {
        using var folder = new TestFolder();
        var grid = Fraud.Open(folder, Received);
        await grid.IngestAsync(Fraud.Payment("q1", "P", "SP", 0), default);
        Append(grid, Fraud.Payment("q1", "Q", "SQ", 0));

        grid = await LetPassAsync(grid, folder, since);
        await using (grid)
        {
            Assert.Equal(EventReceipt.Duplicate, await grid.IngestAsync(Fraud.Payment("q1", "P", "SP", 0), default));
            Assert.Equal(EventReceipt.Duplicate, await grid.IngestAsync(Fraud.Payment("q1", "Q", "SQ", 0), default));
            var conflict = await grid.IngestAsync(Fraud.Payment("q1", "R", "SR", 0), default);
            await grid.IngestAsync(Fraud.Report("q1", 100), default);
            await grid.CheckpointAsync(default);
            await grid.IngestAsync(Fraud.Report("q1", 200), default);

            Assert.Contains("of card 'P'", conflict.ValidationError!.Expected, StringComparison.Ordinal);
            Assert.Equal(1, await Fraud.ReadAsync(grid, "terminal", "SP", "risk_1d", Week + 10));
            Assert.Equal(0, await Fraud.ReadAsync(grid, "terminal", "SQ", "risk_1d", Week + 10));
            grid.Abandon();
        }
    }

    [Fact]
    public async Task Id_whose_record_the_journal_keeps_no_more_is_free_again()
    {
        using var folder = new TestFolder();
        await using var grid = Fraud.Open(folder, options => options.Retention = TimeSpan.FromSeconds(1));
        await grid.IngestAsync(Fraud.Payment("t1", "c1", "m1", 0), default);
        await grid.IngestAsync(Fraud.Payment("t2", "c1", "m1", 500 * 86400), default);
        Assert.Equal(GridError.IdConflict, (await grid.IngestAsync(Fraud.Payment("t1", "c2", "m1", 500 * 86400), default)).Error);

        await grid.CheckpointAsync(default);

        Assert.Equal(EventReceipt.Accepted, await grid.IngestAsync(Fraud.Payment("t1", "c2", "m1", 500 * 86400), default));
    }

    private static Task<GridException> RefusedAsync(EmbeddedGrid grid, Event request) =>
        Assert.ThrowsAsync<GridException>(async () => await grid.DecideAsync("authorize", request, default));

    private static Event Timeless(string id)
    {
        var payment = Fraud.Payment(id, "c1", "m1", 0);
        payment["at"] = default;
        return payment;
    }

    private static void Received(EngineOptions options) => options.Durability = Durability.Received;

    private static async Task<EmbeddedGrid> LetPassAsync(EmbeddedGrid grid, TestFolder folder, Since since)
    {
        switch (since)
        {
            case Since.Commit:
                await grid.WriteAsync(_ => { });
                return grid;
            case Since.Checkpoint:
                await grid.CheckpointAsync(default);
                return grid;
            case Since.TwoCheckpoints:
                await grid.CheckpointAsync(default);
                await grid.IngestAsync(Fraud.Payment("between", "c9", "m9", 0), default);
                await grid.CheckpointAsync(default);
                return grid;
            case Since.Restart:
                await grid.WriteAsync(_ => { });
                grid.Abandon();
                return Fraud.Open(folder, Received);
            case Since.CheckpointAndRestart:
                await grid.DisposeAsync();
                return Fraud.Open(folder, Received);
            default:
                return grid;
        }
    }

    /// <summary>Journals an event without looking for others of its id, as a build did that did not compare them.</summary>
    private static void Append(EmbeddedGrid grid, Event happened)
    {
        var type = grid.Core.EventsByName[happened.Type];
        var row = new EventRow();
        Assert.True(RowReader.TryRead(happened, type.Plan, default, EventTime.FromTrusted(EventTime.MaxUnixMilliseconds), row, out _));
        var bytes = new byte[1024];
        var writer = new SpanWriter(bytes);
        writer.Byte((byte)RecordKind.Event);
        RowRecord.Write(ref writer, row, type.Sent);
        var position = grid.Core.Journal.Append(bytes.AsSpan(0, writer.Written), row.At.UnixMilliseconds, null, out var pass);
        grid.Core.Ids.Add(type.IdKeyOf(row.IdHash), position);
        pass.GiveBack();
    }
}
