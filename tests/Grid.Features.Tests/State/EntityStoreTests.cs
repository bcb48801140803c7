using Grid.Features.Plans;
using Grid.Features.State;

namespace Grid.Features.Tests.State;

public sealed class EntityStoreTests
{
    [Theory]
    [InlineData(1, 10)]
    [InlineData(2, 100)]
    [InlineData(3, 1_000)]
    [InlineData(4, 3_000)]
    public void Reads_what_a_plain_list_reads(int seed, int events)
    {
        var random = new Random(seed);
        var plans = StatePlans.Everything(1_000, 40_000, FeaturePlan.WholeHistory);
        using var run = new TwinRun(plans.Build(retention: 400_000));
        var at = 1_000_000L;
        for (var i = 0; i < events; i++)
        {
            at += random.Next(0, 200);
            var time = random.Next(10) == 0 ? at - random.Next(0, 50_000) : at;
            run.Apply(new($"p{i}", time, random.Next(20) == 0 ? null : random.Next(0, 2_000), "s" + random.Next(5), random.Next(3) == 0 ? null : random.Next(9)));
            if (random.Next(10) == 0)
            {
                var payment = run.Twin.Payments[random.Next(run.Twin.Payments.Count)];
                run.Amend(new(payment, Math.Max(payment.At, at - random.Next(100_000)), random.Next(2) == 0, random.Next(4)));
            }

            if (events < 20 || i % (events / 12) == 0)
            {
                run.Compare(at);
                run.Compare(Math.Max(0, at - random.Next(100_000)));
            }
        }
    }

    [Fact]
    public void A_window_that_starts_where_a_full_leaf_ends_begins_with_the_next_event()
    {
        var plans = new StatePlans();
        var amount = plans.Column(StatePlans.Amount, ColumnStorage.Fixed);
        plans.Feature(Aggregation.First, amount, window: 20);
        using var store = new EntityStore(plans.Build(retention: 1_000_000));
        var card = store.Create(0, "card");
        var row = new EventRow();
        for (var i = 0; i < 600; i++)
        {
            new PlainPayment($"p{i}", 1_000 + i, i, null, null).Fill(row);
            store.Apply(card, row);
        }

        var values = new ReadValue[1];
        for (var i = 20; i < 600; i++)
        {
            store.Read(card, EventTime.FromUnixMilliseconds(1_000 + i), [0], values);
            Assert.Equal((i - 19, 1_000 + i - 19), (values[0].Value.Number, values[0].NewestMilliseconds));
        }
    }

    [Fact]
    public void Events_that_come_a_little_out_of_order_take_little_more_memory_than_those_in_order()
    {
        const int Events = 200_000;
        var random = new Random(8);
        var inOrder = Enumerable.Range(0, Events).ToArray();
        var almost = inOrder.OrderBy(i => i + random.Next(6)).ToArray();

        var (first, second) = (BytesOf(inOrder), BytesOf(almost));

        Assert.InRange(first, 0, 12.5 * Events); // 4 of the fingerprint, 3 of the time, 2 of the amount, and what leaves and nodes take.
        Assert.InRange(second, 0, 1.2 * first); // 1.18 as it is.

        static long BytesOf(int[] order)
        {
            var plans = new StatePlans();
            var amount = plans.Column(StatePlans.Amount, ColumnStorage.Fixed);
            plans.Feature(Aggregation.Sum, amount, window: 20);
            using var store = new EntityStore(plans.Build(retention: 1_000_000_000));
            var card = store.Create(0, "card");
            var row = new EventRow();
            foreach (var i in order)
            {
                new PlainPayment($"p{i}", 1_000 + (i * 1_001L), i % 1_000, null, null).Fill(row);
                store.Apply(card, row);
            }

            return store.AllocatedBytes;
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(64)]
    public void Entities_of_one_shard_of_many_are_found_as_soon_as_any(int shards)
    {
        // As the engine does: the upper half of the hash says which shard.
        using var store = new EntityStore(new StatePlans().Build(retention: 1_000_000));
        for (var i = 0; store.Count < 5_000; i++)
        {
            var key = $"c{i}";
            if (((StableHash.With(StableHash.Of(key), StatePlans.Card) >> 32) * (ulong)shards) >> 32 == 0)
            {
                store.Create(StatePlans.Card, key);
            }
        }

        Assert.InRange(store.MeanDistance, 0, 8); // 2.8 where the index is as full as it gets.
    }
}
