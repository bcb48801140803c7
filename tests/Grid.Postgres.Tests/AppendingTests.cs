using System.Text;

using Grid.Testing;

namespace Grid.Postgres.Tests;

public sealed class AppendingTests(Databases databases)
{
    [Fact]
    public async Task What_was_appended_is_read_back_by_another_process()
    {
        var database = await databases.CreateAsync();
        await using (var log = await Logs.OpenAsync(database))
        {
            var writer = log.WriterOf(Logs.Card, 0);
            Assert.False((await writer.AppendAsync("first", idHash: ulong.MaxValue - 6)).LabelsWait);
            await writer.AppendAsync("second", type: "fraud_report");
            Assert.Equal(2, writer.Committed);
        }

        await using var other = await Logs.OpenAsync(database);
        var history = await other.ReadAsync(Logs.Card, default);

        Assert.Equal((2, 0), (history.Version, history.SnapshotVersion));
        Assert.Equal(["first", "second"], history.Rows.Texts());
        Assert.Equal(("transaction", ulong.MaxValue - 6, EventTime.FromUnixMilliseconds(1_000)), (history.Rows[0].EventType, history.Rows[0].IdHash, history.Rows[0].At));
        Assert.Equal("fraud_report", history.Rows[1].EventType);
        Assert.Equal("second", (await other.ReadRowAsync(Logs.Card, 2, default))!.Text());
        Assert.Null(await other.ReadRowAsync(Logs.Card, 3, default));
    }

    [Fact]
    public async Task An_entity_that_was_never_seen_has_version_0()
    {
        await using var log = await Logs.OpenAsync(await databases.CreateAsync());

        var history = await log.ReadAsync(new("planet", "mars"), default);

        Assert.Equal((0, 0, 0), (history.Version, history.Rows.Count, history.Snapshot.Length));
    }

    [Fact]
    public async Task Keys_and_kinds_are_told_apart_to_the_letter()
    {
        await using var log = await Logs.OpenAsync(await databases.CreateAsync());
        EntityId[] entities = [new("card", "é"), new("card", "É"), new("card", "e\u0301"), new("card", "'; drop table x --"), new("Card", "é"), new("card", "卡")];

        await Task.WhenAll(entities.Select((entity, i) => log.WriterOf(entity, 0).AppendAsync($"row {i}")));

        for (var i = 0; i < entities.Length; i++)
        {
            Assert.Equal([$"row {i}"], (await log.ReadAsync(entities[i], default)).Rows.Texts());
        }
    }

    [Fact]
    public async Task The_callers_memory_is_its_own_again_when_the_call_returns()
    {
        await using var log = await Logs.OpenAsync(await databases.CreateAsync());
        var writer = log.WriterOf(Logs.Card, 0);
        var memory = new byte[8];
        var appends = new List<Task>();

        for (byte i = 1; i <= 200; i++)
        {
            memory.AsSpan().Fill(i);
            appends.Add(writer.AppendAsync(new LogRow { Version = i, EventType = "t", IdHash = i, At = default, Body = memory }).AsTask());
        }

        await Task.WhenAll(appends);
        var rows = (await log.ReadAsync(Logs.Card, default)).Rows;
        Assert.Equal(200, rows.Count);
        Assert.All(rows, row => Assert.All(row.Body.ToArray(), value => Assert.Equal(row.Version, value)));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public async Task A_row_that_does_not_follow_the_last_is_refused_and_changes_nothing(long version)
    {
        await using var log = await Logs.OpenAsync(await databases.CreateAsync());
        var writer = log.WriterOf(Logs.Card, 0);

        var refused = await Assert.ThrowsAsync<ArgumentException>(() =>
            writer.AppendAsync(new LogRow { Version = version, EventType = "t", IdHash = 0, At = default, Body = default }).AsTask());
        await writer.AppendAsync("first");

        Assert.Contains("expected version 1", refused.Message, StringComparison.Ordinal);
        Assert.Equal(1, writer.Committed);
    }

    [Theory]
    [InlineData("")]
    [InlineData("a\0b")]
    [InlineData("half a pair")]
    public async Task What_PostgreSQL_cannot_hold_is_refused_before_it_spoils_a_flush(string text)
    {
        await using var log = await Logs.OpenAsync(await databases.CreateAsync());
        text = text == "half a pair" ? "\ud800" : text; // A test's name cannot hold it either.

        Assert.Throws<ArgumentException>(() => log.WriterOf(new("card", text), 0));
        Assert.Throws<ArgumentException>(() => log.WriterOf(new(text, "1"), 0));
        await Assert.ThrowsAsync<ArgumentException>(() => log.WriterOf(Logs.Card, 0).AppendAsync("x", type: text));
        await Assert.ThrowsAsync<ArgumentException>(() => log.WriterOf(new("card", "4242"), 0).AppendAsync("row", tells: [new("card", text)]));
    }

    [Fact]
    public async Task A_key_of_257_bytes_is_refused_and_one_of_256_is_not()
    {
        await using var log = await Logs.OpenAsync(await databases.CreateAsync());

        await log.WriterOf(new("card", new('x', 256)), 0).AppendAsync("fits");

        Assert.Throws<ArgumentException>(() => log.WriterOf(new("card", new('é', 129)), 0));
    }

    [Fact]
    public async Task A_full_queue_refuses_and_says_so_and_takes_rows_again_later()
    {
        var database = await databases.CreateAsync();
        const int Rows = 3, Late = 5;
        await using var relay = new Relay(new Npgsql.NpgsqlConnectionStringBuilder(database).Port);
        await using var log = await Logs.OpenAsync(relay.Through(database), lanes: 1, queueRows: Rows);
        await log.WriterOf(new("card", "warm"), 0).AppendAsync("the names are known now");
        List<Task<Appended>> appends = [];
        void Append() => appends.Add(log.WriterOf(new("card", $"{appends.Count}"), 0).AppendAsync("row"));

        var asked = relay.HoldAnswers();
        Append();
        await asked.InTime(); // A flush has taken this one away, and waits for its answer; nothing takes the next ones.
        for (var i = 0; i < Rows; i++)
        {
            Assert.True(log.HasRoom);
            Append();
        }

        Assert.False(log.HasRoom);
        for (var i = 0; i < Late; i++)
        {
            Append();
        }

        relay.LetAnswers();
        var refused = new List<int>();
        for (var i = 0; i < appends.Count; i++)
        {
            try
            {
                await appends[i].InTime();
            }
            catch (LogUnavailableException failure)
            {
                Assert.False(failure.OutcomeUnknown);
                Assert.Contains("queue is full", failure.Message, StringComparison.Ordinal);
                refused.Add(i);
            }
        }

        Assert.Equal(Enumerable.Range(appends.Count - Late, Late), refused);
        Assert.Equal(appends.Count - Late + 1, await Sql.ScalarAsync<long>(database, "select count(*) from grid_log.events"));
        Assert.True(log.HasRoom);
        await log.WriterOf(new("card", "later"), 0).AppendAsync("row");
    }

    [Fact]
    public async Task Closing_the_log_writes_what_had_come_in_and_takes_nothing_more()
    {
        var database = await databases.CreateAsync();
        var log = await Logs.OpenAsync(database);
        var writers = Enumerable.Range(0, 50).Select(i => log.WriterOf(new("card", $"{i}"), 0)).ToList();
        var appends = writers.Select(writer => writer.AppendAsync("row")).ToList();

        await log.DisposeAsync();

        await Task.WhenAll(appends);
        Assert.Equal(50, await Sql.ScalarAsync<long>(database, "select count(*) from grid_log.events"));
        await Assert.ThrowsAsync<LogUnavailableException>(() => writers[0].AppendAsync("late"));
    }

    [Fact]
    public async Task Large_bodies_are_kept_whole()
    {
        await using var log = await Logs.OpenAsync(await databases.CreateAsync());
        var writer = log.WriterOf(Logs.Card, 0);
        var body = new byte[3_000_000];
        new Random(7).NextBytes(body);

        await Task.WhenAll(
            writer.AppendAsync(new LogRow { Version = 1, EventType = "t", IdHash = 1, At = default, Body = body }).AsTask(),
            writer.AppendAsync("small"),
            writer.AppendAsync(new LogRow { Version = 3, EventType = "t", IdHash = 1, At = default, Body = default }).AsTask());

        var rows = (await log.ReadAsync(Logs.Card, default)).Rows;
        Assert.True(rows[0].Body.Span.SequenceEqual(body));
        Assert.Equal("small", Encoding.UTF8.GetString(rows[1].Body.Span));
        Assert.Equal(0, rows[2].Body.Length);
    }
}
