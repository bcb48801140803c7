using System.Collections.Concurrent;

namespace Grid.Postgres.Tests;

public sealed class OutboxTests(Databases databases)
{
    [Fact]
    public async Task A_row_is_to_be_told_until_it_is_settled()
    {
        await using var log = await Logs.OpenAsync(await databases.CreateAsync());
        var writer = log.WriterOf(Logs.Card, 0);
        await writer.AppendAsync("told at once");
        await writer.AppendAsync("to be told", untold: true);
        await writer.AppendAsync("to be told too", untold: true);
        await writer.SaveSnapshotAsync(3, "state"u8);

        Assert.Equal(["to be told", "to be told too"], (await log.ReadAsync(Logs.Card, default)).Untold.Texts());

        await log.SettleAsync(Logs.Card, 2);
        await log.SettleAsync(Logs.Card, 2); // Once more is nothing more.

        Assert.Equal(["to be told too"], (await log.ReadAsync(Logs.Card, default)).Untold.Texts());
        Assert.Equal(["to be told too"], (await log.ReadUnsettledAsync(TimeSpan.Zero, 10, default)).Texts());
    }

    [Fact]
    public async Task A_row_that_was_fenced_is_not_to_be_told()
    {
        await using var log = await Logs.OpenAsync(await databases.CreateAsync());
        await log.WriterOf(Logs.Card, 0).AppendAsync("theirs");

        await Assert.ThrowsAsync<LogFencedException>(() => log.WriterOf(Logs.Card, 0).AppendAsync("ours", untold: true));

        Assert.Empty(await log.ReadUnsettledAsync(TimeSpan.Zero, 10, default));
    }

    [Fact]
    public async Task Sweepers_at_work_at_once_share_the_rows_and_none_is_taken_twice_or_left()
    {
        var database = await databases.CreateAsync();
        await using var log = await Logs.OpenAsync(database);
        await Task.WhenAll(Enumerable.Range(0, 500).Select(i => log.WriterOf(new("card", $"{i}"), 0).AppendAsync($"{i}", untold: true)));
        await Sql.RunAsync(database, "update grid_log.untold set since = since - interval '1 minute'");
        var taken = new ConcurrentBag<string>();

        await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Task.Run(async () =>
        {
            // A sweeper that finds nothing may have been passed by rows that another one holds at that moment: those are the other's.
            while (await log.ReadUnsettledAsync(TimeSpan.FromSeconds(30), 17, default) is { Count: > 0 } rows)
            {
                Assert.InRange(rows.Count, 1, 17);
                foreach (var row in rows)
                {
                    taken.Add(row.Text());
                }
            }
        })));

        Assert.Equal(500, taken.Count);
        Assert.Equal(500, taken.Distinct().Count());
        Assert.Equal(500, await Sql.ScalarAsync<long>(database, "select count(*) from grid_log.untold")); // Taken, and not settled yet.
    }

    [Fact]
    public async Task A_young_row_is_left_to_whoever_is_telling_it()
    {
        await using var log = await Logs.OpenAsync(await databases.CreateAsync());
        await log.WriterOf(Logs.Card, 0).AppendAsync("young", untold: true);

        Assert.Empty(await log.ReadUnsettledAsync(TimeSpan.FromMinutes(1), 10, default));
    }

    [Fact]
    public async Task Marks_go_in_batches_and_all_of_them_go()
    {
        var database = await databases.CreateAsync();
        await using (var log = await Logs.OpenAsync(database))
        {
            await Task.WhenAll(Enumerable.Range(0, 3_000).Select(async i =>
            {
                var writer = log.WriterOf(new("card", $"{i}"), 0);
                await writer.AppendAsync("row", untold: true);
                _ = log.SettleAsync(writer.Entity, 1); // Nobody waits for it.
            }));
        }

        Assert.Equal(0, await Sql.ScalarAsync<long>(database, "select count(*) from grid_log.untold"));
        Assert.Equal(3_000, await Sql.ScalarAsync<long>(database, "select count(*) from grid_log.events"));
    }
}
