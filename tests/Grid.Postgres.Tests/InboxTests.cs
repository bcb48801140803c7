namespace Grid.Postgres.Tests;

public sealed class InboxTests(Databases databases)
{
    private static readonly EntityId OtherTerminal = new("terminal", "t-10");

    [Fact]
    public async Task A_row_is_in_the_inbox_of_those_who_must_hear_of_it_until_a_row_of_theirs_takes_it_out()
    {
        await using var log = await Logs.OpenAsync(await databases.CreateAsync());
        var card = log.WriterOf(Logs.Card, 0);
        var terminal = log.WriterOf(Logs.Terminal, 0);
        await card.AppendAsync("for nobody else");
        await card.AppendAsync("for one", tells: [Logs.Terminal]);
        await card.AppendAsync("for two", tells: [OtherTerminal, Logs.Terminal]);
        await log.WriterOf(new("card", "0001"), 0).AppendAsync("of another", tells: [Logs.Terminal]);

        Assert.Equal(["of another", "for one", "for two"], (await log.ReadInboxAsync(Logs.Terminal, default)).Texts());
        Assert.Equal(["of another", "for one", "for two"], (await log.ReadAsync(Logs.Terminal, default)).Inbox.Texts());
        Assert.Equal([new("card", "0001"), Logs.Card, Logs.Card], (await log.ReadWholeAsync(Logs.Terminal, default)).Inbox.Select(row => row.Entity));
        Assert.Empty((await log.ReadAsync(Logs.Card, default)).Inbox);

        await terminal.AppendAsync("heard of two", takes: [new(Logs.Card, 2), new(new("card", "0001"), 1)]);

        Assert.Equal(["for two"], (await log.ReadInboxAsync(Logs.Terminal, default)).Texts());
        Assert.Equal(["for two"], (await log.ReadInboxAsync(OtherTerminal, default)).Texts());
        Assert.False(await log.IsInInboxAsync(Logs.Terminal, new(Logs.Card, 2), default));
        Assert.True(await log.IsInInboxAsync(Logs.Terminal, new(Logs.Card, 3), default));
        Assert.False(await log.IsInInboxAsync(new("nobody", "knows"), new(Logs.Card, 3), default));
    }

    [Fact]
    public async Task A_row_that_was_fenced_is_put_into_no_inbox_and_takes_nothing_out_of_one()
    {
        await using var log = await Logs.OpenAsync(await databases.CreateAsync());
        await log.WriterOf(Logs.Card, 0).AppendAsync("theirs", tells: [Logs.Terminal]);
        await log.WriterOf(Logs.Terminal, 0).AppendAsync("theirs");

        await Assert.ThrowsAsync<LogFencedException>(() => log.WriterOf(Logs.Card, 0).AppendAsync("ours", tells: [OtherTerminal]));
        await Assert.ThrowsAsync<LogFencedException>(() => log.WriterOf(Logs.Terminal, 0).AppendAsync("ours", takes: [new(Logs.Card, 1)]));

        Assert.Equal(["theirs"], (await log.ReadInboxAsync(Logs.Terminal, default)).Texts());
        Assert.Empty(await log.ReadInboxAsync(OtherTerminal, default));
    }

    [Fact]
    public async Task Of_a_fenced_row_and_a_good_one_in_one_flush_only_the_good_one_counts()
    {
        var database = await databases.CreateAsync();
        await using var log = await Logs.OpenAsync(database, lanes: 1);
        await log.WriterOf(Logs.Card, 0).AppendAsync("first", tells: [Logs.Terminal, OtherTerminal]);
        await log.WriterOf(Logs.Terminal, 0).AppendAsync("theirs");
        var (stale, good) = (log.WriterOf(Logs.Terminal, 0), log.WriterOf(OtherTerminal, 0));

        var (ours, other) = (stale.AppendAsync("ours", takes: [new(Logs.Card, 1)]), good.AppendAsync("good", takes: [new(Logs.Card, 1)]));

        await other;
        await Assert.ThrowsAsync<LogFencedException>(() => ours);
        Assert.Equal(["first"], (await log.ReadInboxAsync(Logs.Terminal, default)).Texts());
        Assert.Empty(await log.ReadInboxAsync(OtherTerminal, default));
    }

    [Fact]
    public async Task Those_who_have_not_heard_for_long_are_named_each_once_and_the_others_not()
    {
        var database = await databases.CreateAsync();
        await using var log = await Logs.OpenAsync(database);
        var card = log.WriterOf(Logs.Card, 0);
        await card.AppendAsync("old", tells: [Logs.Terminal]);
        await card.AppendAsync("old too", tells: [Logs.Terminal]);
        await card.AppendAsync("young", tells: [OtherTerminal]);
        await Sql.RunAsync(database, "update grid_log.inbox set told = told - interval '1 minute' where version <= 2");

        Assert.Equal([Logs.Terminal], await log.ReadUnheardAsync(TimeSpan.FromSeconds(30), 10, default));
        Assert.Empty(await log.ReadUnheardAsync(TimeSpan.FromMinutes(2), 10, default));
        Assert.Equal(2, (await log.ReadUnheardAsync(TimeSpan.Zero, 10, default)).Count);
        Assert.Single(await log.ReadUnheardAsync(TimeSpan.Zero, 1, default));
    }

    [Fact]
    public async Task Many_rows_told_and_heard_at_once_leave_nothing_behind()
    {
        var database = await databases.CreateAsync();
        await using (var log = await Logs.OpenAsync(database))
        {
            await Task.WhenAll(Enumerable.Range(0, 50).Select(async i =>
            {
                var hearer = log.WriterOf(new("terminal", $"{i}"), 0);
                var told = await Task.WhenAll(Enumerable.Range(0, 60).Select(async j =>
                {
                    var writer = log.WriterOf(new("card", $"{i}-{j}"), 0);
                    await writer.AppendAsync("row", tells: [hearer.Entity]);
                    return new RowId(writer.Entity, 1);
                }));
                await hearer.AppendAsync("pack", takes: told);
            }));
        }

        Assert.Equal(0, await Sql.ScalarAsync<long>(database, "select count(*) from grid_log.inbox"));
        Assert.Equal(3_050, await Sql.ScalarAsync<long>(database, "select count(*) from grid_log.events"));
    }
}
