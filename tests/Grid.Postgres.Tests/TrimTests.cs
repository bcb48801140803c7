namespace Grid.Postgres.Tests;

public sealed class TrimTests(Databases databases)
{
    [Fact]
    public async Task Rows_that_a_snapshot_includes_go_after_the_retention_time_in_small_batches()
    {
        var database = await databases.CreateAsync();
        await using var log = await Logs.OpenAsync(database);
        var writer = log.WriterOf(Logs.Card, 0);
        await writer.AppendManyAsync(10);
        var idle = log.WriterOf(new("card", "without a snapshot"), 0);
        await idle.AppendManyAsync(3);
        await writer.SaveSnapshotAsync(8, "eight"u8);
        await Sql.RunAsync(database, "update grid_log.events set written = now() - interval '3 days' where version <= 7 or kind <> kind");

        Assert.Equal(0, await log.TrimAsync(TimeSpan.FromDays(4), 100, default));
        Assert.Equal(3, await log.TrimAsync(TimeSpan.FromDays(2), 3, default));
        Assert.Equal(3, await log.TrimAsync(TimeSpan.FromDays(2), 3, default));
        Assert.Equal(1, await log.TrimAsync(TimeSpan.FromDays(2), 3, default));
        Assert.Equal(0, await log.TrimAsync(TimeSpan.FromDays(2), 3, default));

        Assert.Equal((10, 8), ((await log.ReadAsync(Logs.Card, default)).Version, (await log.ReadAsync(Logs.Card, default)).SnapshotVersion));
        Assert.Equal(3, (await log.ReadAsync(idle.Entity, default)).Version);
        Assert.Null(await log.ReadRowAsync(Logs.Card, 7, default));
        Assert.NotNull(await log.ReadRowAsync(Logs.Card, 8, default));
        await log.WriterOf(Logs.Card, 10).AppendAsync("11");
    }

    [Fact]
    public async Task An_entity_whose_rows_are_all_gone_goes_on_from_its_snapshot()
    {
        var database = await databases.CreateAsync();
        await using var log = await Logs.OpenAsync(database);
        var writer = log.WriterOf(Logs.Card, 0);
        await writer.AppendManyAsync(4);
        await writer.SaveSnapshotAsync(4, "four"u8);
        await Sql.RunAsync(database, "update grid_log.events set written = now() - interval '3 days'");
        Assert.Equal(4, await log.TrimAsync(TimeSpan.FromDays(2), 100, default));

        await Assert.ThrowsAsync<LogFencedException>(() => log.WriterOf(Logs.Card, 2).AppendAsync("3 again"));
        await Assert.ThrowsAsync<LogFencedException>(() => log.WriterOf(Logs.Card, 0).AppendAsync("1 again"));
        await log.WriterOf(Logs.Card, 4).AppendAsync("5");

        Assert.Equal(["5"], (await log.ReadAsync(Logs.Card, default)).Rows.Texts());
    }

    [Fact]
    public async Task A_row_that_somebody_must_still_hear_of_stays()
    {
        var database = await databases.CreateAsync();
        await using var log = await Logs.OpenAsync(database);
        var writer = log.WriterOf(Logs.Card, 0);
        await writer.AppendAsync("heard", tells: [Logs.Terminal]);
        await writer.AppendAsync("not heard", tells: [Logs.Terminal]);
        await writer.AppendAsync("younger");
        await writer.SaveSnapshotAsync(3, "three"u8);
        await log.WriterOf(Logs.Terminal, 0).AppendAsync("1", takes: [new(Logs.Card, 1)]);
        await Sql.RunAsync(database, "update grid_log.events set written = now() - (6 - version) * interval '1 day'");
        await Sql.RunAsync(database, "update grid_log.inbox i set told = e.written from grid_log.events e where e.kind = i.kind and e.key = i.key and e.version = i.version");

        Assert.Equal(1, await log.TrimAsync(TimeSpan.FromDays(2), 100, default));

        Assert.Equal(["not heard"], (await log.ReadInboxAsync(Logs.Terminal, default)).Texts());
        await log.WriterOf(Logs.Terminal, 1).AppendAsync("2", takes: [new(Logs.Card, 2)]);
        Assert.Equal(2, await log.TrimAsync(TimeSpan.FromDays(2), 100, default));
    }

    [Fact]
    public async Task A_retention_time_below_what_fencing_needs_is_refused()
    {
        await using var log = await Logs.OpenAsync(await databases.CreateAsync());

        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => log.TrimAsync(TimeSpan.FromMinutes(59), 100, default));
    }
}
