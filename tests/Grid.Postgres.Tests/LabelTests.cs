using System.Text;

namespace Grid.Postgres.Tests;

public sealed class LabelTests(Databases databases)
{
    [Fact]
    public async Task An_event_is_found_by_its_type_and_id()
    {
        await using var log = await Logs.OpenAsync(await databases.CreateAsync());
        await log.WriterOf(Logs.Card, 0).AppendAsync("it", idHash: 77);
        await log.WriterOf(new("terminal", "9"), 0).AppendAsync("it, told", idHash: 77);
        await log.WriterOf(new("card", "other"), 0).AppendAsync("of another type", idHash: 77, type: "refund");
        await log.WriterOf(new("card", "another"), 0).AppendAsync("of another id", idHash: 78);

        var found = await log.FindAsync("transaction", 77, default);

        Assert.Equal([("card/4242", "it"), ("terminal/9", "it, told")], found.Select(row => (row.Entity.ToString(), row.Text())).Order());
        Assert.Empty(await log.FindAsync("transaction", 79, default));
        Assert.Empty(await log.FindAsync("never heard of", 77, default));
    }

    [Fact]
    public async Task A_label_waits_until_its_event_comes_and_is_removed()
    {
        await using var log = await Logs.OpenAsync(await databases.CreateAsync());
        var label = Label("transaction", 77, "fraud");
        Assert.False(await log.AddWaitingAsync(label, default));
        Assert.False(await log.AddWaitingAsync(label, default));
        Assert.False(await log.AddWaitingAsync(Label("transaction", 77, "not fraud"), default));
        Assert.False(await log.AddWaitingAsync(Label("refund", 78, "of another type"), default));

        Assert.False((await log.WriterOf(new("card", "1"), 0).AppendAsync("another", idHash: 78)).LabelsWait);
        Assert.True((await log.WriterOf(Logs.Card, 0).AppendAsync("it", idHash: 77)).LabelsWait);
        Assert.Equal(["fraud", "not fraud"], await WaitingAsync(log));

        await log.RemoveWaitingAsync(label, default);
        Assert.Equal(["not fraud"], await WaitingAsync(log));
        Assert.True((await log.WriterOf(new("terminal", "9"), 0).AppendAsync("it, told", idHash: 77)).LabelsWait);
        await log.RemoveWaitingAsync(Label("transaction", 77, "not fraud"), default);
        Assert.False((await log.WriterOf(new("area", "3"), 0).AppendAsync("it, told again", idHash: 77)).LabelsWait);
    }

    [Fact]
    public async Task A_label_that_comes_after_its_event_is_told_so()
    {
        await using var log = await Logs.OpenAsync(await databases.CreateAsync());
        await log.WriterOf(Logs.Card, 0).AppendAsync("it", idHash: 77);

        Assert.True(await log.AddWaitingAsync(Label("transaction", 77, "fraud"), default));
        Assert.False(await log.AddWaitingAsync(Label("refund", 77, "of another type"), default));
    }

    [Fact]
    public async Task In_a_flush_of_many_exactly_those_are_told_whose_labels_wait()
    {
        await using var log = await Logs.OpenAsync(await databases.CreateAsync());
        foreach (var id in Enumerable.Range(0, 400).Where(id => id % 7 == 3))
        {
            await log.AddWaitingAsync(Label("transaction", (ulong)id, "fraud"), default);
        }

        var appended = await Task.WhenAll(Enumerable.Range(0, 400).Select(id => log.WriterOf(new("card", $"{id}"), 0).AppendAsync("row", idHash: (ulong)id)));

        Assert.Equal(Enumerable.Range(0, 400).Select(id => id % 7 == 3), appended.Select(answer => answer.LabelsWait));
    }

    [Fact]
    public async Task A_label_and_its_event_that_come_at_the_same_moment_never_miss_each_other()
    {
        var database = await databases.CreateAsync();
        await using var one = await Logs.OpenAsync(database);
        await using var two = await Logs.OpenAsync(database);
        var (both, timedOut) = (0, 0);

        await Task.WhenAll(Enumerable.Range(0, 8).Select(worker => Task.Run(async () =>
        {
            var random = new Random(worker);
            for (var i = 0; i < 100; i++)
            {
                var id = (ulong)((worker * 1_000) + i);
                using var start = new Barrier(2);
                var spins = random.Next(200);
                var append = Task.Run(() =>
                {
                    start.SignalAndWait();
                    return one.WriterOf(new("card", $"{id}"), 0).AppendAsync("row", idHash: id);
                });
                var wait = Task.Run(() =>
                {
                    start.SignalAndWait();
                    Linger(spins);
                    return two.AddWaitingAsync(Label("transaction", id, "fraud"), default);
                });
                var (eventSaw, labelSaw) = ((await append).LabelsWait, await wait);
                Interlocked.Add(ref both, eventSaw && labelSaw ? 1 : 0);
                Interlocked.Add(ref timedOut, eventSaw || labelSaw ? 0 : 1);
            }
        })));

        Assert.Equal(0, timedOut);
        Assert.InRange(both, 0, 799); // Were it all of them, the two would not have met in earnest.
    }

    /// <summary>Does something for a while, so that the two meet at ever other places.</summary>
    private static void Linger(int rounds)
    {
        for (var i = 0; i < rounds * 1_000; i++)
        {
            Interlocked.MemoryBarrier();
        }
    }

    private static WaitingLabel Label(string type, ulong idHash, string body) => new(type, idHash, Encoding.UTF8.GetBytes(body));

    private static async Task<string[]> WaitingAsync(EventLog log) =>
        [.. (await log.ReadWaitingAsync("transaction", 77, default)).Select(label => Encoding.UTF8.GetString(label.Body.Span))];
}
