using System.Text;

namespace Grid.Postgres.Tests;

public sealed class SnapshotTests(Databases databases)
{
    [Fact]
    public async Task An_entity_comes_back_as_its_newest_snapshot_and_the_rows_after_it()
    {
        await using var log = await Logs.OpenAsync(await databases.CreateAsync());
        var writer = log.WriterOf(Logs.Card, 0);
        await writer.AppendManyAsync(5);
        await writer.SaveSnapshotAsync(3, "state 3"u8);
        await writer.SaveSnapshotAsync(2, "state 2, which is late"u8);

        var history = await log.ReadAsync(Logs.Card, default);

        Assert.Equal((5, 3, "state 3"), (history.Version, history.SnapshotVersion, Encoding.UTF8.GetString(history.Snapshot.Span)));
        Assert.Equal(["4", "5"], history.Rows.Texts());
    }

    [Fact]
    public async Task Of_several_at_once_the_newest_stays()
    {
        await using var log = await Logs.OpenAsync(await databases.CreateAsync());
        var writers = Enumerable.Range(0, 30).Select(i => log.WriterOf(new("card", $"{i}"), 0)).ToList();
        await Task.WhenAll(writers.Select(writer => writer.AppendManyAsync(4)));

        await Task.WhenAll(writers.SelectMany(writer => ((long[])[2, 4, 1, 3]).Select(version => writer.SaveSnapshotAsync(version, Encoding.UTF8.GetBytes($"{version}")))));

        foreach (var writer in writers)
        {
            var history = await log.ReadAsync(writer.Entity, default);
            Assert.Equal((4, "4"), (history.SnapshotVersion, Encoding.UTF8.GetString(history.Snapshot.Span)));
        }
    }

    [Fact]
    public async Task A_snapshot_that_is_asked_for_with_its_rows_waits_for_them()
    {
        await using var log = await Logs.OpenAsync(await databases.CreateAsync());
        var writer = log.WriterOf(Logs.Card, 0);

        var append = writer.AppendAsync("1");
        var snapshot = writer.SaveSnapshotAsync(1, "state"u8);
        await append;
        await snapshot;

        Assert.Equal(1, (await log.ReadAsync(Logs.Card, default)).SnapshotVersion);
    }

    [Fact]
    public async Task A_snapshot_of_rows_that_were_fenced_is_never_written()
    {
        await using var log = await Logs.OpenAsync(await databases.CreateAsync());
        await log.WriterOf(Logs.Card, 0).AppendAsync("theirs");
        var writer = log.WriterOf(Logs.Card, 0);

        var append = writer.AppendAsync("ours");
        var snapshot = writer.SaveSnapshotAsync(1, "of ours"u8);

        await Assert.ThrowsAsync<LogFencedException>(() => append);
        await Assert.ThrowsAsync<LogFencedException>(() => snapshot);
        Assert.Equal((1, 0), ((await log.ReadAsync(Logs.Card, default)).Version, (await log.ReadAsync(Logs.Card, default)).SnapshotVersion));
    }

    [Fact]
    public async Task A_version_that_was_not_appended_has_no_snapshot()
    {
        await using var log = await Logs.OpenAsync(await databases.CreateAsync());
        var writer = log.WriterOf(Logs.Card, 0);
        await writer.AppendAsync("1");

        Assert.Throws<ArgumentOutOfRangeException>(() => { _ = writer.SaveSnapshotAsync(2, default); });
        Assert.Throws<ArgumentOutOfRangeException>(() => { _ = writer.SaveSnapshotAsync(0, default); });
    }

    [Fact]
    public async Task Reading_while_snapshots_are_written_and_rows_trimmed_never_shows_a_hole()
    {
        var database = await databases.CreateAsync();
        await using var log = await Logs.OpenAsync(database);
        await using var other = await Logs.OpenAsync(database);
        var writer = log.WriterOf(Logs.Card, 0);
        var writing = Task.Run(async () =>
        {
            for (var round = 0; round < 150; round++)
            {
                await writer.AppendManyAsync(2);
                await writer.SaveSnapshotAsync(writer.Version, Encoding.UTF8.GetBytes($"{writer.Version}"));
                await Sql.RunAsync(database, "delete from grid_log.events e using grid_log.snapshots s where e.version <= s.version and s.kind = e.kind and s.key = e.key");
            }
        });

        var (last, reads) = (0L, 0);
        while (!writing.IsCompleted)
        {
            var history = await other.ReadAsync(Logs.Card, default); // It checks itself that no version is missing.
            Assert.InRange(history.Version, last, 300);
            Assert.Equal(history.SnapshotVersion == 0 ? "" : $"{history.SnapshotVersion}", Encoding.UTF8.GetString(history.Snapshot.Span));
            (last, reads) = (history.Version, reads + 1);
        }

        await writing;
        Assert.True(reads > 20, $"Only {reads} reads met the writer.");
        Assert.Equal(300, (await other.ReadAsync(Logs.Card, default)).Version);
    }

    [Fact]
    public async Task A_hole_made_by_hand_is_told_and_not_read_over()
    {
        var database = await databases.CreateAsync();
        await using var log = await Logs.OpenAsync(database);
        await log.WriterOf(Logs.Card, 0).AppendManyAsync(3);
        await Sql.RunAsync(database, "delete from grid_log.events where version = 2");

        var failure = await Assert.ThrowsAsync<LogSchemaException>(() => log.ReadAsync(Logs.Card, default));

        Assert.Contains("card/4242 lacks version 2", failure.Message, StringComparison.Ordinal);
    }
}
