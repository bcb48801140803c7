using System.Globalization;

using FsCheck;
using FsCheck.Fluent;

namespace Grid.Postgres.Tests;

/// <summary>Two processes believe that they own the same entities. A row says its own name and that of the row it was decided on.</summary>
public sealed class FencingTests(Databases databases)
{
    [Fact]
    public async Task The_second_writer_of_a_version_is_fenced_and_so_is_all_that_follows_and_nobody_else()
    {
        var database = await databases.CreateAsync();
        await using var one = await Logs.OpenAsync(database, lanes: 1);
        await using var two = await Logs.OpenAsync(database, lanes: 1);
        var (old, young) = (one.WriterOf(Logs.Card, 0), two.WriterOf(Logs.Card, 0));
        await young.AppendAsync("young 1");

        var bystander = one.WriterOf(new("card", "bystander"), 0);
        var first = old.AppendAsync("old 1");
        var second = old.AppendAsync("old 2");
        var other = bystander.AppendAsync("fine");

        Assert.Equal(1, (await Assert.ThrowsAsync<LogFencedException>(() => first)).Version);
        await Assert.ThrowsAsync<LogFencedException>(() => second);
        await other;
        await Assert.ThrowsAsync<LogFencedException>(() => old.AppendAsync("old 3"));
        await Assert.ThrowsAsync<LogFencedException>(() => old.SaveSnapshotAsync(2, "old"u8));
        Assert.IsType<LogFencedException>(old.Broken);
        Assert.Equal(["young 1"], (await one.ReadAsync(Logs.Card, default)).Rows.Texts());
    }

    [Fact]
    public async Task A_writer_that_has_written_before_is_fenced_by_the_version_that_is_taken()
    {
        var database = await databases.CreateAsync();
        await using var one = await Logs.OpenAsync(database, lanes: 1);
        await using var two = await Logs.OpenAsync(database, lanes: 1);
        var old = one.WriterOf(Logs.Card, 0);
        await old.AppendManyAsync(3);
        await two.WriterOf(Logs.Card, 3).AppendAsync("young 4");
        var bystanders = Enumerable.Range(0, 20).Select(i => one.WriterOf(new("card", $"b{i}"), 0).AppendAsync("fine")).ToList();

        await Assert.ThrowsAsync<LogFencedException>(() => Task.WhenAll(old.AppendAsync("old 4"), old.AppendAsync("old 5")));

        await Task.WhenAll(bystanders);
        Assert.Equal(["1", "2", "3", "young 4"], (await one.ReadAsync(Logs.Card, default)).Rows.Texts());
    }

    [Fact]
    public async Task A_writer_that_begins_too_high_is_fenced_so_there_is_no_gap()
    {
        await using var log = await Logs.OpenAsync(await databases.CreateAsync(), lanes: 1);
        await log.WriterOf(new("card", "other"), 0).AppendAsync("a lane's first flush checks everything; the next does not");

        await Assert.ThrowsAsync<LogFencedException>(() => log.WriterOf(Logs.Card, 7).AppendAsync("8"));

        Assert.Equal(0, (await log.ReadAsync(Logs.Card, default)).Version);
    }

    [Fact]
    public async Task Two_writers_in_one_process_are_fenced_as_two_processes_are()
    {
        await using var log = await Logs.OpenAsync(await databases.CreateAsync(), lanes: 1);
        var (one, two) = (log.WriterOf(Logs.Card, 0), log.WriterOf(Logs.Card, 0));

        Task[] ones = [one.AppendAsync("one 1"), one.AppendAsync("one 2")];
        Task[] twos = [two.AppendAsync("two 1"), two.AppendAsync("two 2"), two.AppendAsync("two 3")];

        await Task.WhenAll(ones);
        foreach (var append in twos)
        {
            await Assert.ThrowsAsync<LogFencedException>(() => append);
        }

        Assert.Equal(["one 1", "one 2"], (await log.ReadAsync(Logs.Card, default)).Rows.Texts());
    }

    [Fact]
    public async Task A_writer_that_slept_past_the_retention_time_is_fenced_though_the_rows_it_would_collide_with_are_gone()
    {
        var database = await databases.CreateAsync();
        await using var one = await Logs.OpenAsync(database, lanes: 1);
        await using var two = await Logs.OpenAsync(database, lanes: 1);
        var sleeper = one.WriterOf(Logs.Card, 0);
        await sleeper.AppendManyAsync(2);
        var young = two.WriterOf(Logs.Card, 2);
        await young.AppendManyAsync(3);
        await young.SaveSnapshotAsync(5, "five"u8);
        await Sql.RunAsync(database, "delete from grid_log.events"); // As trimming would after the retention time.

        // The process that slept does not know it: to it, its writer was seen a moment ago. Only the server's clock tells, and here it is moved.
        sleeper.Commit(2, sleeper.SeenAt - (2 * Trust.Microseconds));

        await Assert.ThrowsAsync<LogFencedException>(() => sleeper.AppendAsync("would be 3"));
        await young.AppendAsync("6");
        Assert.Equal(["6"], (await one.ReadAsync(Logs.Card, default)).Rows.Texts());
    }

    [Fact]
    public async Task A_flush_that_was_sent_long_after_the_last_answer_writes_no_row_that_is_not_checked()
    {
        var database = await databases.CreateAsync();
        await using var log = await Logs.OpenAsync(database);
        await log.WriterOf(Logs.Card, 0).AppendAsync("1");
        await using var source = LogSource.Of(new() { ConnectionString = database });
        await using var flush = await FlushConnection.OpenAsync(source, default);
        var names = new NameIds();
        await names.LoadAsync(flush.Connection, default);
        using var intake = new LaneIntake(new() { ConnectionString = database }, TimeProvider.System);
        var row = new PendingRow(intake);
        row.Begin(log.WriterOf(Logs.Card, 1), new() { Version = 2, EventType = "transaction", IdHash = 0, At = default, Body = default }, new());
        flush.Rows.Add(row, names, chain: 0, expected: -1);
        flush.Told.Add(new("card", "0001"), new(Logs.Card, 2), names, chain: 0);
        var now = (await flush.WriteAsync(0, Trust.Microseconds, [], default)).Now;

        await flush.WriteAsync(now - Trust.Microseconds - 60_000_000, Trust.Microseconds, [], default);
        Assert.Equal(1, (await log.ReadAsync(Logs.Card, default)).Version);
        Assert.Empty(await log.ReadUnheardAsync(TimeSpan.Zero, 10, default));

        await flush.WriteAsync(now - 60_000_000, Trust.Microseconds, [], default);
        Assert.Equal(2, (await log.ReadAsync(Logs.Card, default)).Version);
    }

    [Fact]
    public async Task One_at_a_time_every_append_ends_as_the_plain_twin_says()
    {
        var step = from process in Gen.Choose(0, 1)
                   from entity in Gen.Choose(0, 2)
                   from what in Gen.Frequency((6, Gen.Constant(What.Append)), (3, Gen.Constant(What.Reopen)), (1, Gen.Constant(What.Snapshot)), (2, Gen.Constant(What.Burst)))
                   select new Step(process, entity, what);
        var database = await databases.CreateAsync();
        var run = 0;

        Prop.ForAll(step.ListOf(40).ToArbitrary(), steps => AsTheTwinSays(database, $"run{run++}", steps))
            .Check(Config.QuickThrowOnFailure.WithMaxTest(40));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task In_random_interleavings_what_is_acknowledged_is_there_once_and_every_row_stands_on_the_one_before_it(int seed)
    {
        var database = await databases.CreateAsync();
        await using var one = await Logs.OpenAsync(database);
        await using var two = await Logs.OpenAsync(database);
        var entities = Enumerable.Range(0, 12).Select(i => new EntityId("card", $"{i}")).ToArray();
        var chains = new Chains();

        await Task.WhenAll(Enumerable.Range(0, 8).Select(worker => Task.Run(() =>
            chains.WorkAsync(worker % 2 == 0 ? one : two, entities, new Random((seed * 100) + worker), steps: 150))));

        Assert.True(chains.Fenced > 50, $"Only {chains.Fenced} appends were fenced: the writers hardly met.");
        foreach (var entity in entities)
        {
            chains.Check(await one.ReadAsync(entity, default));
        }

        Assert.True(chains.AllSeen, "A row that was acknowledged is not there.");
    }

    private static bool AsTheTwinSays(string database, string run, IEnumerable<Step> steps) =>
        Task.Run(() => AsTheTwinSaysAsync(database, run, steps)).GetAwaiter().GetResult();

    private static async Task<bool> AsTheTwinSaysAsync(string database, string run, IEnumerable<Step> steps)
    {
        await using var one = await Logs.OpenAsync(database);
        await using var two = await Logs.OpenAsync(database, lanes: 1);
        EventLog[] logs = [one, two];
        var twin = new PlainLog(entities: 3);
        var writers = new EntityWriter[2, 3];
        for (var process = 0; process < 2; process++)
        {
            for (var entity = 0; entity < 3; entity++)
            {
                writers[process, entity] = logs[process].WriterOf(new(run, $"{entity}"), 0);
            }
        }

        var number = 0;
        foreach (var (process, entity, what) in steps)
        {
            var writer = writers[process, entity];
            switch (what)
            {
                case What.Reopen:
                    var history = await logs[process].ReadAsync(new(run, $"{entity}"), default);
                    Assert.Equal(twin.Reopen(process, entity), history.Version);
                    writers[process, entity] = logs[process].WriterOf(new(run, $"{entity}"), history.Version);
                    break;
                case What.Snapshot when writer.Committed > 0:
                    await writer.SaveSnapshotAsync(writer.Committed, "state"u8);
                    break;
                case What.Append or What.Burst:
                    var names = Enumerable.Range(0, what == What.Burst ? 3 : 1).Select(_ => $"row {number++}").ToArray();
                    var appends = names.Select(name => writer.AppendAsync(name)).ToArray();
                    foreach (var (name, append) in names.Zip(appends))
                    {
                        Assert.Equal(twin.Append(process, entity, name), await WasWrittenAsync(append));
                    }

                    break;
                default:
                    break;
            }
        }

        for (var entity = 0; entity < 3; entity++)
        {
            for (var version = 1; version <= twin.Rows[entity].Count; version++)
            {
                Assert.Equal(twin.Rows[entity][version - 1], (await one.ReadRowAsync(new(run, $"{entity}"), version, default))!.Text());
            }

            Assert.Equal(twin.Rows[entity].Count, (await two.ReadAsync(new(run, $"{entity}"), default)).Version);
        }

        return true;
    }

    private static async Task<bool> WasWrittenAsync(Task<Appended> append)
    {
        try
        {
            await append;
            return true;
        }
        catch (LogFencedException)
        {
            return false;
        }
    }

    private enum What
    {
        Append,
        Burst,
        Reopen,
        Snapshot,
    }

    private sealed record Step(int Process, int Entity, What What);

    /// <summary>The specification of fencing: a list per entity, and what each process believes.</summary>
    private sealed class PlainLog(int entities)
    {
        private readonly long[,] _believed = new long[2, entities];
        private readonly bool[,] _fenced = new bool[2, entities];

        public List<string>[] Rows { get; } = [.. Enumerable.Range(0, entities).Select(_ => new List<string>())];

        public long Reopen(int process, int entity)
        {
            _fenced[process, entity] = false;
            return _believed[process, entity] = Rows[entity].Count;
        }

        public bool Append(int process, int entity, string row)
        {
            if (_fenced[process, entity] || _believed[process, entity] != Rows[entity].Count)
            {
                _fenced[process, entity] = true;
                return false;
            }

            Rows[entity].Add(row);
            _believed[process, entity]++;
            return true;
        }
    }

    /// <summary>Workers that open entities, append bursts on what they have read, and lose to each other.</summary>
    private sealed class Chains
    {
        private readonly Lock _lock = new();
        private readonly HashSet<string> _acknowledged = [];
        private readonly HashSet<string> _refused = [];
        private int _next;

        public int Fenced => _refused.Count;

        public async Task WorkAsync(EventLog log, EntityId[] entities, Random random, int steps)
        {
            for (var step = 0; step < steps; step++)
            {
                var entity = entities[random.Next(entities.Length)];
                var history = await log.ReadAsync(entity, default);
                var writer = log.WriterOf(entity, history.Version);
                var parent = history.Rows.Count == 0 ? "0" : history.Rows[^1].Text().Split(' ')[0];
                for (var burst = random.Next(1, 4); burst > 0; burst--)
                {
                    var appends = new List<(string Name, Task<Appended> Append)>();
                    for (var rows = random.Next(1, 4); rows > 0; rows--)
                    {
                        var name = Interlocked.Increment(ref _next).ToString(CultureInfo.InvariantCulture);
                        appends.Add((name, writer.AppendAsync($"{name} {parent}")));
                        parent = name;
                    }

                    foreach (var (name, append) in appends)
                    {
                        var written = await WasWrittenAsync(append);
                        lock (_lock)
                        {
                            (written ? _acknowledged : _refused).Add(name);
                        }
                    }
                }
            }
        }

        public void Check(EntityHistory history)
        {
            var parent = "0";
            foreach (var row in history.Rows)
            {
                var names = row.Text().Split(' ');
                Assert.Equal(parent, names[1]);
                Assert.True(_acknowledged.Remove(names[0]), $"Row {names[0]} is there twice, or was refused: {_refused.Contains(names[0])}.");
                parent = names[0];
            }
        }

        public bool AllSeen => _acknowledged.Count == 0;
    }
}
