using System.Buffers;
using FsCheck;
using FsCheck.Fluent;
using Grid.Features.Plans;
using Grid.Features.State;

namespace Grid.Features.Tests.State.Since;

/// <summary>Fields that say how long after an earlier event theirs happened, told to the state and to a plain list.</summary>
public sealed class SinceTests
{
    private const long Start = 1_000_000;

    private static readonly DefinitionPlan Plan = DefinedPlan.Of("""
        events:
          ready:
            id: event
            time: at
            fields:
              event: string
              order: string
              at: timestamp
              shop: string
              large: boolean
              kitchen: { seconds_since: placed, within: 6s }
            keys: { shop: shop }
          placed:
            id: order
            time: at
            fields: { order: string, at: timestamp, shop: string }
            keys: { shop: shop }
          came:
            id: event
            time: at
            fields: { event: string, cook: string, at: timestamp, shop: string }
            keys: { shop: shop }
          went:
            id: event
            time: at
            fields: { event: string, cook: string, at: timestamp, shop: string, shift: { seconds_since: came, by: cook, within: 3s } }
            keys: { shop: shop }
        entities:
          shop:
            retention: 10s
            count: { count: ready.kitchen, window: 5s }
            mean: { mean: ready.kitchen, window: 5s }
            mean_large: { mean: ready.kitchen, window: 5s, delay: 1s, where: large }
            longest: { max: ready.kitchen, window: 2s }
            longest_large: { max: ready.kitchen, where: large }
            p90: { quantile: ready.kitchen, q: 0.9, window: 5s }
            median: { quantile: ready.kitchen, q: 0.5, where: large }
            last: { last: ready.kitchen, empty: -1 }
            shifts: { sum: went.shift, window: 4s }
            usual_shift: { top: went.shift }
        """);

    private static readonly string[] Types = ["placed", "ready", "came", "went"];

    private sealed record Happening(string Event, string Id, long At, string Key, bool Large)
    {
        public void Fill(EventRow row)
        {
            var type = Plan.Events.Single(known => known.Name == Event);
            row.Reset(type);
            for (var slot = 0; slot < type.SentFields; slot++)
            {
                row.Set(slot, type.Fields[slot].Name switch
                {
                    "at" => FieldSlot.OfBits(At),
                    "shop" => FieldSlot.OfText("s"),
                    "large" => FieldSlot.OfBits(Large ? 1 : 0),
                    "order" or "cook" => FieldSlot.OfText(Key),
                    _ => FieldSlot.OfText(Id),
                });
            }

            row.Seal();
        }
    }

    private sealed class SinceRun : IDisposable
    {
        private readonly List<Happening> _taken = [];
        private readonly EventRow _row = new();
        private readonly int[] _features = [.. Plan.Kinds[0].Features.Select(feature => feature.Ordinal)];
        private readonly ReadValue[] _values = new ReadValue[Plan.Kinds[0].Features.Count];
        private readonly EntityStore _store = new(Plan);
        private EntityHandle _shop;
        private long _newest = -1;

        public SinceRun() => _shop = _store.Create(0, "s");

        public List<Happening> Taken => _taken;

        public void Apply(Happening happening)
        {
            var isTooOld = _newest >= 0 && happening.At <= _newest - Retention(happening.Event);
            happening.Fill(_row);
            Assert.Equal(isTooOld ? ApplyOutcome.TooOld : ApplyOutcome.Applied, _store.Apply(_shop, _row));
            if (!isTooOld)
            {
                _taken.Add(happening);
                _newest = Math.Max(_newest, happening.At);
            }
        }

        public void Compare(long at)
        {
            _store.Read(_shop, EventTime.FromUnixMilliseconds(at), _features, _values);
            foreach (var feature in Plan.Kinds[0].Features)
            {
                var timeline = Plan.Kinds[0].Timelines[feature.Timeline];
                var name = timeline.Event.Name;
                var filtered = timeline.Columns[feature.Column].Where is not null;
                var horizon = _newest < 0 ? -1 : Math.Max(-1, _newest - Retention(name));
                var values = _taken.Where(held => held.Event == name)
                    .Select(held => new PlainValue(held.At, Row.FingerprintOf(StableHash.Of(held.Id)), filtered && !held.Large ? null : Since(held)));
                var (expected, read) = (PlainSeries.Read(feature, values, horizon, at, 3), _values[feature.Ordinal]);
                Assert.True(TwinRun.Same(expected, read), $"{feature.Name} at {at}: expected {expected}, read {read}.");
            }
        }

        public double Read(string name, long at)
        {
            _store.Read(_shop, EventTime.FromUnixMilliseconds(at), [Plan.Kinds[0].Features.Single(feature => feature.Name == name).Ordinal], _values);
            return _values[0].Value.Number;
        }

        public byte[] Snapshot()
        {
            var to = new ArrayBufferWriter<byte>();
            _store.WriteSnapshot(_shop, to);
            return to.WrittenSpan.ToArray();
        }

        public void Reload()
        {
            var bytes = Snapshot();
            _store.Remove(_shop);
            _shop = _store.Restore(0, "s", bytes);
            Assert.Equal(bytes, Snapshot());
        }

        public void Dispose() => _store.Dispose();

        // The latest start that happened at or before, but not too long before.
        private long? Since(Happening end)
        {
            var (start, within) = end.Event == "ready" ? ("placed", 6_000) : ("came", 3_000);
            var starts = _taken.Where(held => held.Event == start && held.Key == end.Key && held.At <= end.At && held.At > end.At - within).ToList();
            return starts.Count == 0 ? null : end.At - starts.Max(held => held.At);
        }

        private static long Retention(string name) => Plan.Kinds[0].Timelines.Single(timeline => timeline.Event.Name == name).RetentionMilliseconds;
    }

    /// <summary>Small numbers, so that keys meet and times tie.</summary>
    public sealed record Step(int Kind, int Time, int Key, bool Large);

    [Fact]
    public void Any_history_reads_as_its_plain_twin_does()
    {
        var step = Gen.Choose(0, 13).SelectMany(
            kind => Gen.Choose(0, 12).SelectMany(time => Gen.Choose(0, 9).SelectMany(key => Gen.Elements(true, false).Select(large => new Step(kind, time, key, large)))));
        Prop.ForAll(step.ListOf().Resize(120).ToArbitrary(), history => Run([.. history])).Check(Config.QuickThrowOnFailure.WithMaxTest(100));
    }

    [Theory]
    [InlineData(1, 400, 100)]
    [InlineData(2, 4_000, 9)]
    public void Long_histories_read_as_their_plain_twin_does(int seed, int events, int step)
    {
        using var run = new SinceRun();
        var random = new Random(seed);
        var now = Start;
        for (var i = 0; i < events; i++)
        {
            now += random.Next(step);
            var type = Types[random.Next(4)];
            var key = type switch { "placed" => $"o{i}", "ready" => $"o{Math.Max(0, i - random.Next(-30, 200))}", _ => $"c{random.Next(30)}" };
            run.Apply(new(type, type == "placed" ? key : $"e{i}", random.Next(6) == 0 ? now - random.Next(12_000) : now, key, random.Next(2) == 0));
            if (i % (events / 40) == 0)
            {
                run.Compare(now);
                run.Compare(now - random.Next(12_000));
                if (random.Next(4) == 0)
                {
                    run.Reload();
                }
            }
        }

        run.Reload();
        run.Compare(now);
    }

    [Fact]
    public void Any_order_of_arrival_writes_the_same_bytes()
    {
        var random = new Random(5);
        for (var round = 0; round < 30; round++)
        {
            var happenings = Enumerable.Range(0, 20 * (round + 1)).Select(i =>
            {
                var type = Types[random.Next(4)];
                var key = type is "placed" ? $"o{i}" : type == "ready" ? $"o{random.Next(i + 9)}" : $"c{random.Next(5)}";
                return new Happening(type, type == "placed" ? key : $"e{i}", Start + (random.Next(99) * 100), key, random.Next(2) == 0);
            }).ToArray();
            var expected = BytesOf(happenings);
            random.Shuffle(happenings);
            Assert.Equal(expected, BytesOf(happenings));
        }
    }

    [Fact]
    public void Starts_that_come_in_last_find_every_event_of_their_moment()
    {
        using var run = new SinceRun();
        for (var i = 0; i < 400; i++)
        {
            run.Apply(new("ready", $"e{i}", Start + (i / 390), $"o{i}", true));
        }

        for (var i = 0; i < 400; i++)
        {
            run.Apply(new("placed", $"o{i}", Start, $"o{i}", true));
        }

        run.Compare(Start + 10);
        Assert.Equal(400, run.Read("count", Start + 10));
    }

    [Fact]
    public void What_is_measured_from_is_kept_longer_than_what_is_measured()
    {
        Assert.Equal(
            ["came 13000", "placed 16000", "ready 10000", "went 10000"],
            Plan.Kinds[0].Timelines.Select(timeline => $"{timeline.Event.Name} {timeline.RetentionMilliseconds}").Order());
    }

    private static void Run(Step[] steps)
    {
        using var run = new SinceRun();
        var now = Start;
        for (var i = 0; i < steps.Length; i++)
        {
            var (kind, time, key, large) = steps[i];
            switch (kind)
            {
                case < 8:
                    now += time * 100;
                    var type = Types[kind % 4];
                    run.Apply(new(type, $"e{i}", kind < 4 ? now : now - (time * 1_100), $"k{key % 5}", large));
                    break;
                case 8:
                    run.Reload();
                    break;
                case 9:
                    now += time > 9 ? 6_000 : 0;
                    break;
                default:
                    run.Compare(now - (time * 700));
                    break;
            }
        }

        run.Compare(now);
    }

    private static byte[] BytesOf(Happening[] happenings)
    {
        using var run = new SinceRun();
        foreach (var happening in happenings)
        {
            run.Apply(happening);
        }

        run.Compare(Start + 9_900);
        return run.Snapshot();
    }
}
