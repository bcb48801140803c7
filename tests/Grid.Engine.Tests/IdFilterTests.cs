using Grid.Features.Plans;

namespace Grid.Engine.Tests;

public sealed class IdFilterTests
{
    [Fact]
    public void Filter_that_is_full_holds_every_key_and_few_others()
    {
        const int Keys = 20_000;
        var filter = new IdFilter(Keys);
        for (var i = 0; i < Keys; i++)
        {
            filter.Add(KeyOf($"in {i}"));
        }

        Assert.False(filter.HasRoomFor(1));
        Assert.All(Enumerable.Range(0, Keys), i => Assert.True(filter.MayHold(KeyOf($"in {i}"))));
        Assert.InRange(Enumerable.Range(0, Keys).Count(i => filter.MayHold(KeyOf($"out {i}"))), 1, Keys / 20);
    }

    [Fact]
    public void Empty_filter_holds_nothing()
    {
        Assert.False(new IdFilter(0).MayHold(KeyOf("a")));
        Assert.False(new IdFilter(100).MayHold(KeyOf("a")));
    }

    [Fact]
    public async Task Ids_that_go_to_disk_are_known_of_in_memory_however_many_they_become()
    {
        using var folder = new TestFolder();
        await using var grid = Fraud.Open(folder, options => options.Durability = Durability.Received);
        for (var round = 0; round < 4; round++)
        {
            for (var i = 0; i < 3_000; i++)
            {
                await grid.IngestAsync(Fraud.Payment($"{round}-{i}", $"c{i % 20}", "m", i), default);
            }

            await grid.CheckpointAsync(default);
            AssertKnown(grid, round + 1);
        }

        Assert.Equal(0, grid.Core.Ids.Count);
    }

    [Fact]
    public async Task Stripe_that_was_not_read_since_the_start_may_hold_any_id()
    {
        using var folder = new TestFolder();
        await using (var before = Fraud.Open(folder))
        {
            await before.IngestAsync(Fraud.Payment("0-0", "c", "m", 0), default);
        }

        var ids = new StoredIds();
        Assert.True(ids.MayHold(Of(Fraud.Bundle, "0-0")) && ids.MayHold(Of(Fraud.Bundle, "new")));

        using var reader = new JournalReader(folder.Database);
        for (var stripe = 0; stripe < IdIndex.Stripes; stripe++)
        {
            Assert.False(ids.TryAdd(stripe, []));
            ids.Read(reader, stripe);
            Assert.True(ids.IsRead(stripe));
        }

        Assert.True(ids.MayHold(Of(Fraud.Bundle, "0-0")));
        Assert.False(ids.MayHold(Of(Fraud.Bundle, "new")));
    }

    private static void AssertKnown(EmbeddedGrid grid, int rounds)
    {
        for (var i = 0; i < rounds * 3_000; i++)
        {
            Assert.True(grid.Core.StoredIds.MayHold(Of(Fraud.Bundle, $"{i / 3_000}-{i % 3_000}")));
        }

        Assert.InRange(Enumerable.Range(0, 10_000).Count(i => grid.Core.StoredIds.MayHold(Of(Fraud.Bundle, $"new {i}"))), 0, 500);
    }

    private static ulong KeyOf(string id) => StableHash.With(StableHash.Of(id), 0);

    private static ulong Of(Grid.Decisions.Plans.Bundle bundle, string id)
    {
        var plan = bundle.Definitions.Events.Single(one => one.Name == "transaction");
        return new Grid.Decisions.Hosting.EventFacts(plan, bundle.Definitions).IdKeyOf(StableHash.Of(id));
    }
}
