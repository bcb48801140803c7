using System.Buffers;
using FsCheck;
using FsCheck.Fluent;
using Grid.Features.Binary;
using Grid.Features.Plans;
using Grid.Features.State;

namespace Grid.Features.Tests.State.Batch;

/// <summary>Values that are computed elsewhere and loaded, told to the state and to a plain list.</summary>
public sealed class BatchTests
{
    private const long Start = 1_000_000;
    private const long Retention = 20_000;

    private const string Events = """
        events:
          order:
            id: order
            time: at
            fields: { order: string, at: timestamp, user: string, dish: string }
            keys: { user: user }

        """;

    private const string Yaml = Events + """
        entities:
          user:
            retention: 20s
            orders: { count: order, window: 5s }
            dish: { last: order.dish }
            cuisine: { batch: text, max_age: 4s }
            spend: { batch: number, max_age: 9s, empty: -1 }
            loyal: { batch: boolean }
            likes: "if(loyal and cuisine = 'thai', spend * 2, orders)"
        """;

    private static readonly DefinitionPlan Plan = DefinedPlan.Of(Yaml);
    private static readonly int Cuisine = PlaceOf("cuisine");
    private static readonly int Spend = PlaceOf("spend");
    private static readonly int Loyal = PlaceOf("loyal");

    private sealed class BatchRun : IDisposable
    {
        private readonly List<(int Feature, Value Value, long At, long Known)> _loaded = [];
        private readonly ReadValue[] _values = new ReadValue[3];
        private readonly EventRow _row = new();
        private EntityHandle _user;

        public BatchRun() => _user = Store.Create(0, "u");

        public EntityStore Store { get; } = new(Plan);

        public EntityHandle User => _user;

        public void Load(int feature, Value value, long at, long known)
        {
            Store.SetBatch(_user, feature, value, EventTime.FromUnixMilliseconds(at), EventTime.FromUnixMilliseconds(known));
            _loaded.RemoveAll(loaded => (loaded.Feature, loaded.At, loaded.Known) == (feature, at, known));
            _loaded.Add((feature, value, at, known));
        }

        public void Order(int i, long at)
        {
            _row.Reset(Plan.Events[0]);
            _row.Set(0, FieldSlot.OfText($"o{i}"));
            _row.Set(1, FieldSlot.OfBits(at));
            _row.Set(2, FieldSlot.OfText("u"));
            _row.Set(3, FieldSlot.OfText($"dish {i % 3}"));
            _row.Seal();
            Store.Apply(_user, _row);
        }

        public void Compare(long at)
        {
            Store.Read(_user, EventTime.FromUnixMilliseconds(at), [Cuisine, Spend, Loyal], _values);
            Assert.Equal([Read(Cuisine, at), Read(Spend, at), Read(Loyal, at)], _values);
        }

        public byte[] Snapshot()
        {
            var to = new ArrayBufferWriter<byte>();
            Store.WriteSnapshot(_user, to);
            return to.WrittenSpan.ToArray();
        }

        public void Reload()
        {
            var bytes = Snapshot();
            Store.Remove(_user);
            Assert.Equal(0, Store.HeldTexts);
            _user = Store.Restore(0, "u", bytes);
            Assert.Equal(bytes, Snapshot());
        }

        public void Dispose() => Store.Dispose();

        private ReadValue Read(int feature, long at)
        {
            var plan = Plan.Kinds[0].Features[feature];
            var empty = plan.Empty ?? Value.Missing;
            var isForgotten = _loaded.Select(loaded => loaded.Feature).Distinct().Any(other => Of(other).Any(loaded => IsForgotten(other, loaded)));
            var found = Of(feature).LastOrDefault(loaded => loaded.Known <= at);
            if (found.Known == 0 || IsForgotten(feature, found))
            {
                return new(empty, ReadValue.Nothing, isForgotten);
            }

            var isTooOld = plan.Batch!.MaxAgeMilliseconds is { } most && at - found.At > most;
            return new(isTooOld || found.Value.IsMissing ? empty : found.Value, found.At, false);
        }

        private List<(Value Value, long At, long Known)> Of(int feature) => [.. _loaded.Where(loaded => loaded.Feature == feature)
            .OrderBy(loaded => loaded.Known).ThenBy(loaded => loaded.At).Select(loaded => (loaded.Value, loaded.At, loaded.Known))];

        private bool IsForgotten(int feature, (Value Value, long At, long Known) loaded)
        {
            var all = Of(feature);
            var next = all.IndexOf(loaded) + 1;
            return next < all.Count && all[next].Known <= all[^1].Known - Retention;
        }
    }

    /// <summary>Small numbers, so that moments tie and ages end exactly on limits.</summary>
    public sealed record Step(int Kind, int Time, int Value, int Late);

    [Fact]
    public void Any_history_reads_as_its_plain_twin_does()
    {
        var step = Gen.Choose(0, 9).SelectMany(
            kind => Gen.Choose(0, 9).SelectMany(time => Gen.Choose(0, 9).SelectMany(value => Gen.Choose(0, 9).Select(late => new Step(kind, time, value, late)))));
        Prop.ForAll(step.ListOf().Resize(120).ToArbitrary(), history => Run([.. history])).Check(Config.QuickThrowOnFailure.WithMaxTest(200));
    }

    [Fact]
    public void Any_order_of_loading_reads_the_same_and_writes_the_same_bytes()
    {
        var random = new Random(4);
        for (var round = 0; round < 30; round++)
        {
            var loads = Enumerable.Range(0, 5 * (round + 1)).Select(i => (Feature: i % 2 == 0 ? Spend : Loyal, At: Start + (i * 700), Known: Start + (i * 700) + random.Next(3_000), Value: Value.Of(i % 2))).ToArray();
            var expected = BytesOf(loads);
            random.Shuffle(loads);
            Assert.Equal(expected, BytesOf(loads));
        }
    }

    [Fact]
    public void A_value_is_seen_from_when_it_was_loaded_and_until_it_is_too_old()
    {
        using var run = new BatchRun();
        run.Load(Cuisine, Value.Of("thai"), Start, Start + 1_000);

        Assert.Equal([null, null, "thai", "thai", null], new[] { 0, 999, 1_000, 4_000, 4_001 }.Select(after => Read(run, Cuisine, Start + after).Value.Text));
        Assert.Equal([-1, -1, Start, Start, Start], new[] { 0, 999, 1_000, 4_000, 4_001 }.Select(after => Read(run, Cuisine, Start + after).NewestMilliseconds));
    }

    [Fact]
    public void Expressions_read_what_was_loaded()
    {
        using var run = new BatchRun();
        run.Order(1, Start);
        Assert.Equal(1, Read(run, PlaceOf("likes"), Start + 10).Value.Number);

        run.Load(Cuisine, Value.Of("thai"), Start, Start);
        run.Load(Loyal, Value.Of(1), Start, Start);
        run.Load(Spend, Value.Of(12.5), Start + 5, Start + 5);
        var read = Read(run, PlaceOf("likes"), Start + 10);
        Assert.Equal((25, Start + 5), (read.Value.Number, read.NewestMilliseconds));
    }

    [Fact]
    public void What_does_not_fit_is_refused_and_changes_nothing()
    {
        using var run = new BatchRun();
        var (at, later) = (EventTime.FromUnixMilliseconds(Start), EventTime.FromUnixMilliseconds(Start + 1));

        Assert.Contains("'user.cuisine'", Assert.Throws<ArgumentException>(() => run.Store.SetBatch(run.User, Cuisine, Value.Of(1), at, at)).Message, StringComparison.Ordinal);
        Assert.Contains("'user.spend'", Assert.Throws<ArgumentException>(() => run.Store.SetBatch(run.User, Spend, Value.Of("x"), at, at)).Message, StringComparison.Ordinal);
        Assert.Contains("'user.loyal'", Assert.Throws<ArgumentException>(() => run.Store.SetBatch(run.User, Loyal, Value.Of(2), at, at)).Message, StringComparison.Ordinal);
        Assert.Contains("'user.orders'", Assert.Throws<ArgumentException>(() => run.Store.SetBatch(run.User, PlaceOf("orders"), Value.Of(2), at, at)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => run.Store.SetBatch(run.User, Spend, Value.Of(2), later, at));
        Assert.Throws<ArgumentOutOfRangeException>(() => run.Store.SetBatch(run.User, 99, Value.Of(2), at, at));
        Assert.Equal((ReadValue.Nothing, 0), (Read(run, Spend, Start + 2).NewestMilliseconds, run.Store.HeldTexts));
    }

    [Fact]
    public void Snapshots_outlive_features_that_come_and_go()
    {
        using var run = new BatchRun();
        run.Order(1, Start);
        var without = run.Snapshot();
        run.Load(Cuisine, Value.Of("thai"), Start, Start);
        run.Load(Spend, Value.Of(3), Start, Start);
        var with = run.Snapshot();
        Assert.Equal((1, 2), (without[0], with[0]));

        using var store = new EntityStore(DefinedPlan.Of(Events + """
            entities:
              user:
                retention: 20s
                orders: { count: order, window: 5s }
                dish: { last: order.dish }
                shoe_size: { batch: number }
                cuisine: { batch: number }
                spend: { batch: number }
            """));
        store.Restore(0, "old", without);
        var user = store.Restore(0, "new", with);
        var values = new ReadValue[5];
        store.Read(user, EventTime.FromUnixMilliseconds(Start + 1), [0, 1, 2, 3, 4], values);
        Assert.Equal((1, "dish 1", 3), (values[0].Value.Number, values[1].Value.Text, values[4].Value.Number));
        Assert.True(values[2].Value.IsMissing && values[3].Value.IsMissing);
    }

    [Fact]
    public void The_sample_of_version_2_is_read_and_written_as_it_was()
    {
        var path = Path.Combine(Grid.Testing.Repository.Root, "tests", "Grid.Features.Tests", "State", "Samples", "snapshot-2.bin");
        using var run = new BatchRun();
        for (var i = 0; i < 9; i++)
        {
            run.Order(i, Start + (i * 1_000));
            run.Load(Cuisine, i == 4 ? Value.Missing : Value.Of(i % 2 == 0 ? "thai" : "pizza"), Start + (i * 4_000), Start + (i * 4_000) + 7);
            run.Load(Loyal, Value.Of(i % 2), Start, Start + i);
        }

        Assert.Equal(File.ReadAllBytes(path), run.Snapshot());
        run.Reload();
        run.Compare(Start + 30_000);
        run.Compare(Start + 5);
    }

    [Fact]
    public void Every_cut_and_every_changed_byte_is_refused_and_leaves_nothing_behind()
    {
        using var run = new BatchRun();
        run.Load(Cuisine, Value.Of("thai"), Start, Start);
        run.Load(Spend, Value.Of(3), Start, Start);
        var bytes = run.Snapshot();
        using var store = new EntityStore(Plan);
        for (var i = 0; i < bytes.Length; i++)
        {
            var damaged = bytes.ToArray();
            damaged[i] ^= (byte)(1 << (i % 8));
            Assert.Throws<SnapshotException>(() => store.Restore(0, "u", damaged));
            Assert.Throws<SnapshotException>(() => store.Restore(0, "u", bytes.AsSpan(0, i)));

            // Behind a right checksum, what is damaged is refused or read within bounds.
            BitConverter.TryWriteBytes(damaged.AsSpan(damaged.Length - 4), Checksum.Of(damaged.AsSpan(0, damaged.Length - 4)));
            if (Record.Exception(() => store.Remove(store.Restore(0, "u", damaged))) is { } thrown)
            {
                Assert.IsType<SnapshotException>(thrown);
            }
        }

        Assert.Equal((0, 0), (store.Count, store.HeldTexts));
    }

    private static int PlaceOf(string name) => Plan.Kinds[0].Features.Single(feature => feature.Name == name).Ordinal;

    private static ReadValue Read(BatchRun run, int feature, long at)
    {
        var values = new ReadValue[1];
        run.Store.Read(run.User, EventTime.FromUnixMilliseconds(at), [feature], values);
        return values[0];
    }

    private static byte[] BytesOf((int Feature, long At, long Known, Value Value)[] loads)
    {
        using var run = new BatchRun();
        foreach (var (feature, at, known, value) in loads)
        {
            run.Load(feature, value, at, known);
            run.Compare(known + 100);
        }

        return run.Snapshot();
    }

    private static void Run(Step[] steps)
    {
        using var run = new BatchRun();
        var now = Start;
        for (var i = 0; i < steps.Length; i++)
        {
            var (kind, time, value, late) = steps[i];
            now += time * 500;
            switch (kind)
            {
                case 0 or 1:
                    run.Load(Cuisine, value == 0 ? Value.Missing : Value.Of($"c{value % 4}"), now - (late * 1_000), now - (late % 3 * 1_000));
                    break;
                case 2:
                    run.Load(Spend, value == 0 ? Value.Missing : Value.Of(value / 4.0), now - (late * 1_000) - 9_000, now - (late * 1_000));
                    break;
                case 3:
                    run.Load(Loyal, Value.Of(value % 2), Start, Start + (late * 3_000));
                    break;
                case 4:
                    run.Order(i, now);
                    break;
                case 5:
                    run.Reload();
                    break;
                case 6:
                    now += late > 7 ? Retention : 0;
                    break;
                default:
                    run.Compare(now - (late * 1_000));
                    break;
            }
        }

        run.Compare(now);
        run.Compare(now - (Retention / 2));
        run.Compare(Start);
    }
}
