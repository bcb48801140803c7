using Microsoft.Data.Sqlite;

namespace Grid.Engine.Tests;

public sealed class FaultTests
{
    private const int Unavailable = 1003;
    private const int Available = 1004;
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1);

    private readonly SteppedTime _time = new();
    private readonly SignalLog _log = new();

    [Fact]
    public async Task A_full_disk_refuses_new_work_leaves_nothing_behind_and_takes_work_again_when_it_can()
    {
        using var folder = new TestFolder();
        await using var grid = Fraud.Open(folder, options => (options.MaxPages, options.RetryAfter) = (100, RetryAfter), _time, _log);
        var acknowledged = 0;
        GridException? refusal = null;
        for (var i = 0; i < 20_000 && refusal is null; i++)
        {
            try
            {
                await grid.DecideAsync("authorize", Fraud.Payment($"t{i}", "c1", $"m{i % 3}", i), default);
                acknowledged++;
            }
            catch (GridException e)
            {
                refusal = e;
            }
        }

        Assert.NotNull(refusal);
        Assert.Equal(GridError.Unavailable, refusal.Error);
        Assert.Contains("full", refusal.Message, StringComparison.Ordinal);
        Assert.True(acknowledged > 10);
        await _log.WrittenAsync(Unavailable);
        Assert.Equal(RetryAfter, await _time.NextWaitAsync());
        _time.Advance(RetryAfter);
        Assert.Equal(RetryAfter, await _time.NextWaitAsync()); // It has tried again, and waits again.
        Assert.False(grid.IsReady);
        Assert.Contains("full", grid.WhyNotReady, StringComparison.Ordinal);
        await Assert.ThrowsAsync<GridException>(async () => await grid.DecideAsync("authorize", Fraud.Payment("no", "c1", "m1", 0), default));

        grid.Run("PRAGMA max_page_count = 1000000"); // Room is made.
        _time.Advance(RetryAfter);
        await _log.WrittenAsync(Available);
        Assert.True(grid.IsReady);
        Assert.Equal(acknowledged, await Fraud.ReadAsync(grid, "card", "c1", "tx_count_30d", 30_000));
        var next = await grid.DecideAsync("authorize", Fraud.Payment($"t{acknowledged}", "c1", "m1", acknowledged), default);
        Assert.False(next.Duplicate);
        Assert.Equal(acknowledged + 1, await Fraud.ReadAsync(grid, "card", "c1", "tx_count_30d", 30_000));
    }

    [Fact]
    public async Task A_read_only_disk_refuses_everyone_who_waits_and_what_they_sent_has_no_effect()
    {
        using var folder = new TestFolder();
        await using var grid = Fraud.Open(folder, options => options.RetryAfter = RetryAfter, _time, _log);
        await grid.DecideAsync("authorize", Fraud.Payment("kept", "c1", "m1", 0), default);
        await grid.WriteAsync(database => database.Run("PRAGMA query_only = 1"));

        var calls = Enumerable.Range(0, 20).Select(i => grid.DecideAsync("authorize", Fraud.Payment($"t{i}", $"c{i % 3}", "m1", i), default).AsTask()).ToList();
        foreach (var call in calls)
        {
            Assert.Equal(GridError.Unavailable, (await Assert.ThrowsAsync<GridException>(() => call)).Error);
        }

        Assert.Equal(RetryAfter, await _time.NextWaitAsync());
        grid.Run("PRAGMA query_only = 0");
        _time.Advance(RetryAfter);
        await _log.WrittenAsync(Available);
        Assert.True(grid.IsReady);
        Assert.Equal(1, await Fraud.ReadAsync(grid, "card", "c1", "tx_count_30d", 100));
        Assert.Equal(1, await Fraud.ReadAsync(grid, "terminal", "m1", "tx_count_30d", 100 + (7 * 86400)));
        for (var i = 0; i < 20; i++)
        {
            Assert.False((await grid.DecideAsync("authorize", Fraud.Payment($"t{i}", $"c{i % 3}", "m1", i), default)).Duplicate);
        }

        Assert.Equal(0, grid.Core.Calls);
    }

    [Fact]
    public async Task A_data_folder_is_used_by_one_grid_at_a_time()
    {
        using var folder = new TestFolder();
        await using var grid = Fraud.Open(folder);

        var fault = Assert.Throws<JournalException>(() => Fraud.Open(folder));

        Assert.Contains(folder.Path, fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_journal_of_a_newer_format_is_refused()
    {
        using var folder = new TestFolder();
        await using (Fraud.Open(folder))
        {
        }

        Execute(folder, "PRAGMA user_version = 99");
        var fault = Assert.Throws<JournalException>(() => Fraud.Open(folder));
        Assert.Contains("format 99", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_flipped_bit_in_any_batch_of_the_tail_is_detected_and_told()
    {
        using var folder = new TestFolder();
        var batches = await FillAsync(folder, 12);
        var random = new Random(5);
        foreach (var first in batches)
        {
            var payload = (byte[])Ask(folder, $"SELECT payload FROM batches WHERE first = {first}")!;
            var at = random.Next(payload.Length);
            var hit = payload.ToArray();
            hit[at] ^= (byte)(1 << random.Next(8));
            Execute(folder, $"UPDATE batches SET payload = $p WHERE first = {first}", hit);

            var fault = Assert.Throws<JournalException>(() => Fraud.Open(folder));
            Assert.True(fault.IsCorrupt);
            Assert.Equal(first, fault.Position);
            Assert.Contains("corrupt from position", fault.Message, StringComparison.Ordinal);
            Execute(folder, $"UPDATE batches SET payload = $p WHERE first = {first}", payload);
        }

        await using var grid = Fraud.Open(folder);
        Assert.Equal(12, await Fraud.ReadAsync(grid, "card", "c1", "tx_count_30d", 100));
    }

    [Fact]
    public async Task A_missing_batch_is_told_at_the_end_and_in_the_middle()
    {
        using var folder = new TestFolder();
        var batches = await FillAsync(folder, 5);
        Execute(folder, $"CREATE TABLE kept AS SELECT * FROM batches; DELETE FROM batches WHERE first = {batches[2]}");
        var middle = Assert.Throws<JournalException>(() => Fraud.Open(folder));
        Execute(folder, $"INSERT INTO batches SELECT * FROM kept WHERE first = {batches[2]}; DELETE FROM batches WHERE first = {batches[^1]}");
        var end = Assert.Throws<JournalException>(() => Fraud.Open(folder));

        Assert.Contains("missing", middle.Message, StringComparison.Ordinal);
        Assert.Equal(batches[2], middle.Position);
        Assert.Contains("acknowledged", end.Message, StringComparison.Ordinal);

        await using var cut = Fraud.Open(folder, options => options.CutCorruptTail = true);
        Assert.Equal(4, await Fraud.ReadAsync(cut, "card", "c1", "tx_count_30d", 100));
    }

    [Fact]
    public async Task A_corrupt_end_is_cut_off_only_where_that_was_asked_for()
    {
        using var folder = new TestFolder();
        var batches = await FillAsync(folder, 5);
        Execute(folder, $"UPDATE batches SET payload = zeroblob(40) WHERE first = {batches[^1]}");
        Assert.Throws<JournalException>(() => Fraud.Open(folder));

        await using (var grid = Fraud.Open(folder, options => options.CutCorruptTail = true))
        {
            Assert.Equal(4, await Fraud.ReadAsync(grid, "card", "c1", "tx_count_30d", 100));
        }

        Assert.Equal(1L, Ask(folder, "SELECT count(*) FROM cut"));
        await using var again = Fraud.Open(folder);
        Assert.Equal(4, await Fraud.ReadAsync(again, "card", "c1", "tx_count_30d", 100));
    }

    [Fact]
    public async Task A_flipped_byte_anywhere_in_the_database_never_becomes_data()
    {
        using var folder = new TestFolder();
        await FillAsync(folder, 60);
        Execute(folder, "PRAGMA wal_checkpoint(TRUNCATE)");
        var whole = await File.ReadAllBytesAsync(folder.Database);
        var random = new Random(11);
        var told = 0;
        for (var i = 0; i < 150; i++)
        {
            var hit = whole.ToArray();
            hit[random.Next(hit.Length)] ^= (byte)(1 << random.Next(8));
            await File.WriteAllBytesAsync(folder.Database, hit);
            foreach (var side in new[] { "-wal", "-shm" })
            {
                File.Delete(folder.Database + side);
            }

            try
            {
                var grid = Fraud.Open(folder);
                try
                {
                    var count = await Fraud.ReadAsync(grid, "card", "c1", "tx_count_30d", 100);
                    Assert.Equal(60, count); // It hit a place that nobody reads: free space.
                }
                finally
                {
                    grid.Abandon();
                }
            }
            catch (Exception e) when (e is JournalException or GridException)
            {
                told++;
            }
        }

        Assert.InRange(told, 10, 149);
    }

    [Fact]
    public async Task A_damaged_log_that_sqlite_would_drop_silently_is_told()
    {
        using var folder = new TestFolder();
        var grid = Fraud.Open(folder);
        for (var i = 0; i < 20; i++)
        {
            await grid.DecideAsync("authorize", Fraud.Payment($"t{i}", "c1", "m1", i), default);
        }

        // What a killed process leaves: the log is copied while the grid runs and nothing is under way.
        using var copy = new TestFolder();
        foreach (var file in Directory.GetFiles(folder.Path).Where(file => !file.EndsWith(".lock", StringComparison.Ordinal)))
        {
            File.Copy(file, Path.Combine(copy.Path, Path.GetFileName(file)));
        }

        await grid.DisposeAsync();
        var log = copy.Database + "-wal";
        var bytes = await File.ReadAllBytesAsync(log);
        bytes[^9_000] ^= 4;
        await File.WriteAllBytesAsync(log, bytes);
        File.Delete(copy.Database + "-shm");

        var fault = Assert.Throws<JournalException>(() => Fraud.Open(copy));

        Assert.Contains("acknowledged", fault.Message, StringComparison.Ordinal);
        Assert.True(fault.IsCorrupt);
    }

    [Fact]
    public async Task A_corrupt_snapshot_is_an_error_of_its_entity_alone()
    {
        using var folder = new TestFolder();
        await FillAsync(folder, 3);
        await using (Fraud.Open(folder))
        {
            // Closing writes the snapshots.
        }

        Execute(folder, "UPDATE snapshots SET state = zeroblob(length(state)) WHERE kind = 'card'");
        await using var grid = Fraud.Open(folder);

        var fault = await Assert.ThrowsAsync<GridException>(async () => await Fraud.ReadAsync(grid, "card", "c1", "tx_count_30d", 100));
        await Assert.ThrowsAsync<GridException>(async () => await grid.DecideAsync("authorize", Fraud.Payment("new", "c1", "m1", 5), default));

        Assert.Contains("snapshot of card 'c1'", fault.Message, StringComparison.Ordinal);
        Assert.Equal(3, await Fraud.ReadAsync(grid, "terminal", "m1", "tx_count_30d", (7 * 86400) + 100));
        Assert.Equal(1, (await grid.DecideAsync("authorize", Fraud.Payment("other", "c2", "m1", 5), default)).Features[3].Value);
    }

    /// <summary>Fills a journal, one batch a payment, and leaves it as a killed process would.</summary>
    private static async Task<long[]> FillAsync(TestFolder folder, int payments)
    {
        var grid = Fraud.Open(folder);
        for (var i = 0; i < payments; i++)
        {
            await grid.DecideAsync("authorize", Fraud.Payment($"t{i}", "c1", "m1", i), default);
        }

        grid.Abandon();
        using var connection = new SqliteConnection($"Data Source={folder.Database};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT first FROM batches ORDER BY first";
        using var row = command.ExecuteReader();
        var firsts = new List<long>();
        while (row.Read())
        {
            firsts.Add(row.GetInt64(0));
        }

        return [.. firsts];
    }

    private static void Execute(TestFolder folder, string text, byte[]? blob = null) => Ask(folder, text, blob);

    private static object? Ask(TestFolder folder, string text, byte[]? blob = null)
    {
        using var connection = new SqliteConnection($"Data Source={folder.Database};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = text;
        if (blob is not null)
        {
            command.Parameters.AddWithValue("$p", blob);
        }

        return command.ExecuteScalar();
    }
}
