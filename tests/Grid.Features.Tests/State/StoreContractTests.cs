using Grid.Features.Plans;
using Grid.Features.State;

namespace Grid.Features.Tests.State;

public sealed class StoreContractTests
{
    private readonly EventRow _row = new();

    [Fact]
    public void In_steady_state_nothing_is_allocated()
    {
        var plan = StatePlans.Everything(5_000, 50_000).Build(retention: 80_000);
        using var store = new EntityStore(plan);
        var card = store.Create(0, "card");
        var features = Enumerable.Range(0, plan.Kinds[0].Features.Count).ToArray();
        var values = new ReadValue[features.Length];
        var payments = Enumerable.Range(0, 6_000).Select(i => new PlainPayment($"p{i % 512}", 1_000_000 + (i * 100), i * 31 % 1_000, "s" + (i % 7), i % 5)).ToArray();
        var next = 0;
        Turns(4_000);

        Assert.Equal(0, Allocations.Of(() => Turns(300)));

        void Turns(int count)
        {
            for (var last = next + count; next < last; next++)
            {
                payments[next].Fill(_row);
                store.MayHold(card, StatePlans.Payment, _row.IdHash);
                store.Apply(card, _row);
                store.Read(card, _row.At, features, values);
            }
        }
    }

    [Theory]
    [InlineData(50)]
    [InlineData(5_000)]
    public void What_is_held_is_always_recognised_and_strangers_hardly_ever(int events)
    {
        using var store = new EntityStore(new StatePlans().Build(long.MaxValue));
        var card = store.Create(0, "card");
        for (var i = 0; i < events; i++)
        {
            Apply(store, card, $"p{i}", 1_000 + i);
            Assert.True(store.MayHold(card, StatePlans.Payment, StableHash.Of($"p{i}")));
        }

        Assert.All(Enumerable.Range(0, events), i => Assert.True(store.MayHold(card, StatePlans.Payment, StableHash.Of($"p{i}"))));
        var mistaken = Enumerable.Range(0, 10_000).Count(i => store.MayHold(card, StatePlans.Payment, StableHash.Of($"stranger{i}")));
        Assert.InRange(mistaken, 0, 100);
        Assert.False(store.MayHold(card, StatePlans.Visit, StableHash.Of("p1")));
    }

    [Fact]
    public void Many_entities_come_grow_and_go_and_each_keeps_its_own()
    {
        var plans = new StatePlans();
        var amount = plans.Column(StatePlans.Amount, ColumnStorage.Fixed);
        plans.Feature(Aggregation.Count, -1, FeaturePlan.WholeHistory);
        plans.Feature(Aggregation.Sum, amount, FeaturePlan.WholeHistory);
        plans.Feature(Aggregation.Count, -1, FeaturePlan.WholeHistory, timeline: 1);
        using var store = new EntityStore(plans.Build(long.MaxValue, visits: true));
        var random = new Random(7);
        var expected = new Dictionary<string, (int Payments, long Sum, int Visits)>();
        for (var i = 0; i < 60_000; i++)
        {
            var key = "k" + (random.Next(40) == 0 ? 0 : random.Next(900));
            var card = store.Find(0, key);
            Assert.Equal(expected.ContainsKey(key), card.Exists);
            card = card.Exists ? card : store.Create(0, key);
            var known = expected.GetValueOrDefault(key);
            if (random.Next(60) == 0)
            {
                store.Remove(card);
                expected.Remove(key);
                continue;
            }

            store.Position(card) = i;
            store.Touched(card) = ~i;
            if (random.Next(3) == 0)
            {
                _row.Reset(StatePlans.VisitPlan);
                _row.Set(0, FieldSlot.OfText("v" + i));
                _row.Set(1, FieldSlot.OfBits(random.Next(1_000_000)));
                _row.Seal();
                store.Apply(card, _row);
                expected[key] = (known.Payments, known.Sum, known.Visits + 1);
            }
            else
            {
                new PlainPayment("p" + i, random.Next(1_000_000), i, null, null).Fill(_row);
                store.Apply(card, _row);
                expected[key] = (known.Payments + 1, known.Sum + i, known.Visits);
            }

            Assert.Equal((i, ~i, key, 0), (store.Position(card), store.Touched(card), store.KeyOf(card), store.KindOf(card)));
        }

        Assert.Equal(expected.Count, store.Count);
        var values = new ReadValue[3];
        var seen = 0;
        for (var card = store.Next(EntityHandle.None); card.Exists; card = store.Next(card), seen++)
        {
            var (payments, sum, visits) = expected[store.KeyOf(card)];
            store.Read(card, EventTime.FromUnixMilliseconds(1_000_000), [0, 1, 2], values);
            Assert.Equal([payments, sum, visits], values.Select(v => v.Value.Number));
        }

        Assert.Equal(expected.Count, seen);
    }

    [Fact]
    public void Memory_follows_what_is_held_now()
    {
        using var store = new EntityStore(new StatePlans().Build(long.MaxValue));
        for (var round = 0; round < 3; round++)
        {
            for (var i = 0; i < 40_000; i++)
            {
                var key = "k" + (i % 4_000);
                var card = store.Find(0, key);
                Apply(store, card.Exists ? card : store.Create(0, key), "p" + i, i);
            }

            Assert.InRange(store.AllocatedBytes / 4_000, 100, 220 + (64 * 1024 * 40 / 4_000));
            for (var card = store.Next(EntityHandle.None); card.Exists; card = store.Next(card))
            {
                store.Remove(card);
            }

            Assert.Equal(0, store.Count);
            Assert.InRange(store.AllocatedBytes, 0, 3_000_000);
        }
    }

    [Fact]
    public void What_names_no_entity_is_refused()
    {
        var plan = new StatePlans().Build(1_000);
        var store = new EntityStore(plan);
        var card = store.Create(0, "card");
        Assert.Throws<ArgumentException>(() => store.Create(0, "card"));
        Assert.Throws<ArgumentException>(() => store.Create(0, new string('x', 70_000)));
        Assert.Throws<ArgumentException>(() => store.KeyOf(EntityHandle.None));
        Assert.Throws<ArgumentException>(() => store.KeyOf(new(12_345)));
        store.Remove(card);
        Assert.Throws<ArgumentException>(() => store.Remove(card));
        Assert.False(store.Find(0, "card").Exists);

        store.Dispose();
        store.Dispose();
        Assert.Throws<ObjectDisposedException>(() => store.Find(0, "card"));
        Assert.Throws<ObjectDisposedException>(() => store.KeyOf(card));
        Assert.Throws<ObjectDisposedException>(() => store.Create(0, "card"));
    }

    [Fact]
    public void An_entity_never_told_anything_reads_as_empty_and_exact()
    {
        var plan = StatePlans.Everything(1_000).Build(5_000);
        using var store = new EntityStore(plan);
        var features = Enumerable.Range(0, plan.Kinds[0].Features.Count).ToArray();
        var (told, none) = (new ReadValue[features.Length], new ReadValue[features.Length]);
        store.Read(store.Create(0, "new"), EventTime.FromUnixMilliseconds(99), features, told);
        store.ReadEmpty(0, EventTime.FromUnixMilliseconds(99), features, none);

        Assert.Equal(none, told);
        Assert.All(none, value => Assert.Equal((ReadValue.Nothing, false), (value.NewestMilliseconds, value.Approximate)));
    }

    private void Apply(EntityStore store, EntityHandle card, string id, long at)
    {
        new PlainPayment(id, at, 5, null, null).Fill(_row);
        Assert.Equal(ApplyOutcome.Applied, store.Apply(card, _row));
    }
}
