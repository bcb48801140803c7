using System.Buffers;
using Grid.Features.Binary;
using Grid.Features.Plans;
using Grid.Features.State;

namespace Grid.Features.Tests.State;

public sealed class SnapshotTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(128)]
    [InlineData(129)]
    [InlineData(700)]
    public void What_is_restored_reads_the_same_and_writes_the_same_bytes(int events)
    {
        using var run = RunOf(events, seed: events);
        run.Store.Position(run.Card) = 77;
        var first = Write(run.Store, run.Card);

        run.Store.Remove(run.Card);
        Assert.Equal(0, run.Store.Count);
        run.Card = run.Store.Restore(0, "card-1", first);

        Assert.Equal(77, run.Store.Position(run.Card));
        Assert.Equal(first, Write(run.Store, run.Card));
        run.Compare(2_000_000);
        run.Compare(1_010_000);
    }

    [Fact]
    public void A_restored_entity_takes_further_events_and_labels()
    {
        using var run = RunOf(300, seed: 9);
        var bytes = Write(run.Store, run.Card);
        run.Store.Remove(run.Card);
        run.Card = run.Store.Restore(0, "card-1", bytes);
        for (var i = 0; i < 50; i++)
        {
            run.Apply(new($"later{i}", 1_000_000 + (i * 613), i, "late", null));
            run.Amend(new(run.Twin.Payments[i * 5], 1_040_000, true, i));
        }

        run.Compare(1_031_000);
        run.Compare(1_050_000);
    }

    [Fact]
    public void Every_cut_and_every_changed_byte_is_refused_and_leaves_nothing_behind()
    {
        using var run = RunOf(140, seed: 3);
        var bytes = Write(run.Store, run.Card);
        using var store = new EntityStore(Plan());
        for (var length = 0; length < bytes.Length; length++)
        {
            Assert.Throws<SnapshotException>(() => store.Restore(0, "card", bytes.AsSpan(0, length)));
        }

        for (var i = 0; i < bytes.Length; i++)
        {
            var damaged = bytes.ToArray();
            damaged[i] ^= (byte)(1 << (i % 8));
            Assert.Throws<SnapshotException>(() => store.Restore(0, "card", damaged));
        }

        Assert.Equal(0, store.Count);
        Assert.Equal(0, store.HeldTexts);
    }

    [Fact]
    public void Damage_with_a_right_checksum_is_refused_or_read_within_bounds()
    {
        using var run = RunOf(140, seed: 4);
        var bytes = Write(run.Store, run.Card);
        using var store = new EntityStore(Plan());
        var random = new Random(5);
        var features = Enumerable.Range(0, Plan().Kinds[0].Features.Count).ToArray();
        var values = new ReadValue[features.Length];
        var (refused, taken) = (0, 0);
        for (var round = 0; round < 3_000; round++)
        {
            var damaged = bytes.ToArray();
            for (var i = random.Next(1, 4); i > 0; i--)
            {
                damaged[random.Next(9, damaged.Length - 4)] = (byte)random.Next(256);
            }

            BitConverter.TryWriteBytes(damaged.AsSpan(damaged.Length - 4), Checksum.Of(damaged.AsSpan(0, damaged.Length - 4)));
            try
            {
                var card = store.Restore(0, "card", damaged);
                store.Read(card, EventTime.FromUnixMilliseconds(1_010_000), features, values);
                store.Remove(card);
                taken++;
            }
            catch (SnapshotException)
            {
                refused++;
            }
        }

        Assert.Equal(0, store.Count);
        Assert.True(refused > 100 && taken > 100, $"{refused} refused, {taken} taken");
    }

    [Fact]
    public void A_snapshot_of_other_definitions_is_refused_and_says_so()
    {
        using var run = RunOf(5, seed: 6);
        var bytes = Write(run.Store, run.Card);
        var other = new StatePlans();
        other.Column(StatePlans.Amount, ColumnStorage.Fixed, scale: 2);
        using var store = new EntityStore(other.Build(1_000));

        var refused = Assert.Throws<SnapshotException>(() => store.Restore(0, "card", bytes));

        Assert.Contains("other definitions", refused.Message, StringComparison.Ordinal);
        Assert.NotEqual(StateLayout.Fingerprint(Plan()), StateLayout.Fingerprint(other.Build(1_000)));
    }

    [Fact]
    public void The_bytes_do_not_depend_on_the_order_of_arrival()
    {
        var payments = Enumerable.Range(0, 500).Select(i => new PlainPayment($"p{i}", 1_000_000 + (i / 3 * 70), i % 900, $"s{i % 4}", i % 5)).ToList();
        var expected = default(byte[]);
        foreach (var order in new IEnumerable<PlainPayment>[] { payments, payments.AsEnumerable().Reverse(), payments.OrderBy(p => p.IdHash) })
        {
            using var run = new TwinRun(Plan());
            foreach (var payment in order)
            {
                run.Apply(payment);
            }

            expected ??= Write(run.Store, run.Card);
            Assert.Equal(expected, Write(run.Store, run.Card));
        }
    }

    [Fact]
    public void The_sample_of_version_1_is_read_and_written_as_it_was()
    {
        var sample = File.ReadAllBytes(Path.Combine(Grid.Testing.Repository.Root, "tests", "Grid.Features.Tests", "State", "Samples", "snapshot-1.bin"));
        using var run = RunOf(200, seed: 42);

        run.Store.Remove(run.Card);
        run.Card = run.Store.Restore(0, "card-1", sample);

        Assert.Equal(42, run.Store.Position(run.Card));
        Assert.Equal(sample, Write(run.Store, run.Card));
        run.Compare(1_029_000);
        run.Compare(1_060_000);
    }

    private static DefinitionPlan Plan() => StatePlans.Everything(1_000, FeaturePlan.WholeHistory).Build(retention: 30_000);

    private static TwinRun RunOf(int events, int seed)
    {
        var random = new Random(seed);
        var run = new TwinRun(Plan());
        for (var i = 0; i < events; i++)
        {
            run.Apply(new($"p{i}", 1_000_000 + random.Next(0, 29_000), random.Next(9) == 0 ? null : random.Next(-900, 900), "s" + random.Next(4), random.NextDouble() - 0.5));
            if (random.Next(5) == 0)
            {
                run.Amend(new(run.Twin.Payments[random.Next(i + 1)], 1_000_000 + random.Next(60_000), random.Next(2) == 0, random.Next(3)));
            }
        }

        return run;
    }

    private static byte[] Write(EntityStore store, EntityHandle entity)
    {
        var to = new ArrayBufferWriter<byte>();
        store.WriteSnapshot(entity, to);
        return to.WrittenSpan.ToArray();
    }
}
