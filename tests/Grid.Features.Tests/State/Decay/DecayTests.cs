using System.Buffers;
using System.Globalization;
using System.Numerics;
using FsCheck;
using FsCheck.Fluent;
using Grid.Features.Plans;
using Grid.Features.State;

namespace Grid.Features.Tests.State.Decay;

/// <summary>Sums, means and counts of values that count less as they age, told to the state and to a plain list.</summary>
public sealed class DecayTests
{
    private const long Start = 1_000_003;

    private static readonly DefinitionPlan Plan = DefinedPlan.Of("""
        events:
          rating:
            id: rating
            time: at
            fields:
              rating: string
              at: timestamp
              user: string
              good: boolean
              stars: { type: integer, min: -5, max: 5, optional: true }
              price: { type: decimal(2), min: -2000000000, max: 2000000000 }
            keys: { user: user }
          vote:
            labels: rating
            time: at
            fields: { rating: string, at: timestamp, helpful: { type: integer, min: 0, max: 100, default: 1 } }
        entities:
          user:
            retention: 90s
            stars_mean: { decayed_mean: rating.stars, half_life: 1s, window: 20s }
            stars_mean_good: { decayed_mean: rating.stars, half_life: 700ms, window: 5s, where: good, delay: 300ms }
            price_sum: { decayed_sum: rating.price, half_life: 1s300ms, window: 80s }
            price_sum_short: { decayed_sum: rating.price, half_life: 7s, window: 3s, empty: -1 }
            ratings: { decayed_count: rating, half_life: 777ms }
            starred: { decayed_count: rating.stars, half_life: 2s, window: 9s }
            helpful_sum: { decayed_sum: rating.helpful, half_life: 1s, window: 30s }
            helpful_mean: { decayed_mean: rating.helpful, half_life: 900ms, window: 6s, where: good }
        """);

    private sealed record Rating(string Id, long At, bool Good, long? Stars, long Price);

    private sealed record Vote(Rating Rating, long At, long Helpful);

    private sealed class DecayRun : IDisposable
    {
        private static readonly KindPlan Kind = Plan.Kinds[0];
        private readonly List<Rating> _taken = [];
        private readonly HashSet<Vote> _votes = [];
        private readonly EventRow _row = new();
        private readonly int[] _features = [.. Kind.Features.Select(feature => feature.Ordinal)];
        private readonly ReadValue[] _values = new ReadValue[Kind.Features.Count];
        private readonly EntityStore _store = new(Plan);
        private EntityHandle _user;
        private long _newest = -1;

        public DecayRun() => _user = _store.Create(0, "u");

        public List<Rating> Taken => _taken;

        private long Horizon => _newest < 0 ? -1 : Math.Max(-1, _newest - Kind.Timelines[0].RetentionMilliseconds);

        public void Apply(Rating rating)
        {
            var isTooOld = _newest >= 0 && rating.At <= Horizon;
            _row.Reset(Plan.Events[0]);
            _row.Set(0, FieldSlot.OfText(rating.Id));
            _row.Set(1, FieldSlot.OfBits(rating.At));
            _row.Set(2, FieldSlot.OfText("u"));
            _row.Set(3, FieldSlot.OfBits(rating.Good ? 1 : 0));
            if (rating.Stars is { } stars)
            {
                _row.Set(4, FieldSlot.OfBits(stars));
            }

            _row.Set(5, FieldSlot.OfBits(rating.Price));
            _row.Seal();
            Assert.Equal(isTooOld ? ApplyOutcome.TooOld : ApplyOutcome.Applied, _store.Apply(_user, _row));
            if (!isTooOld)
            {
                _taken.Add(rating);
                _newest = Math.Max(_newest, rating.At);
            }
        }

        public void Amend(Vote vote)
        {
            _row.Reset(Plan.Events[1]);
            _row.Set(0, FieldSlot.OfText(vote.Rating.Id));
            _row.Set(1, FieldSlot.OfBits(vote.At));
            _row.Set(2, FieldSlot.OfBits(vote.Helpful));
            _row.Seal();
            var isKnown = vote.Rating.At > Horizon;
            Assert.Equal(isKnown, _store.Amend(_user, 0, EventTime.FromUnixMilliseconds(vote.Rating.At), StableHash.Of(vote.Rating.Id), _row));
            if (isKnown)
            {
                _votes.Add(vote);
            }
        }

        public void Compare(long at)
        {
            _store.Read(_user, EventTime.FromUnixMilliseconds(at), _features, _values);
            foreach (var feature in Kind.Features)
            {
                var (expected, read) = (Read(feature, at), _values[feature.Ordinal]);
                Assert.True(TwinRun.Same(expected, read), $"{feature.Name} at {at}: expected {expected}, read {read}.");
            }
        }

        public ReadValue Value(string name, long at)
        {
            _store.Read(_user, EventTime.FromUnixMilliseconds(at), _features, _values);
            return _values[Kind.Features.Single(feature => feature.Name == name).Ordinal];
        }

        public byte[] Snapshot()
        {
            var to = new ArrayBufferWriter<byte>();
            _store.WriteSnapshot(_user, to);
            return to.WrittenSpan.ToArray();
        }

        public void Reload()
        {
            var bytes = Snapshot();
            _store.Remove(_user);
            _user = _store.Restore(0, "u", bytes);
            Assert.Equal(bytes, Snapshot());
        }

        public void Dispose() => _store.Dispose();

        private ReadValue Read(FeaturePlan feature, long at)
        {
            var column = Kind.Timelines[0].Columns[feature.Column];
            var (end, halfLife) = (at - feature.DelayMilliseconds, column.Decay!.HalfLifeMilliseconds);
            var from = end - feature.WindowMilliseconds;
            var there = _taken.Where(held => held.At > Math.Max(from, Horizon) && held.At <= end && (column.Where is null || held.Good))
                .Select(held => (held.At, Value: Of(held, feature.Name, at))).Where(held => held.Value is not null).ToList();
            var isApproximate = Math.Max(-1, from) < Horizon;
            if (there.Count == 0)
            {
                return new(feature.Empty ?? (feature.Aggregation == Aggregation.DecayedMean ? Features.Plans.Value.Missing : Features.Plans.Value.Of(0)), ReadValue.Nothing, isApproximate);
            }

            // By epoch, from the oldest to that of the end: each counts half of the next.
            double Decayed(Func<long, BigInteger> of)
            {
                var sum = 0.0;
                for (var epoch = there.Min(held => held.At) / halfLife; epoch <= end / halfLife; epoch++)
                {
                    var ofEpoch = there.Where(held => held.At / halfLife == epoch);
                    sum = (sum / 2) + Nearest(ofEpoch.Aggregate(BigInteger.Zero, (total, held) => total + (of(held.Value!.Value) * Weight(held.At, halfLife))));
                }

                return sum;
            }

            var power = Math.Pow(10, column.Scale);
            var value = feature.Aggregation switch
            {
                Aggregation.DecayedCount => Decayed(_ => 1) / Weight(end, halfLife),
                Aggregation.DecayedSum => Decayed(value => value) / (Weight(end, halfLife) * power),
                _ => Decayed(value => value) / (Decayed(_ => 1) * power),
            };

            // And near to what weights without steps would give.
            double Ideal(Func<long, double> of) => there.Sum(held => of(held.Value!.Value) * Math.Pow(2, (held.At - end) / (double)halfLife));
            var ideal = feature.Aggregation switch
            {
                Aggregation.DecayedCount => Ideal(_ => 1),
                Aggregation.DecayedSum => Ideal(value => value / power),
                _ => Ideal(value => value / power) / Ideal(_ => 1),
            };
            var size = feature.Aggregation == Aggregation.DecayedMean ? there.Max(held => Math.Abs(held.Value!.Value)) / power : Ideal(value => Math.Max(1, Math.Abs(value / power)));
            Assert.True(Math.Abs(value - ideal) <= 1e-4 * size, $"{feature.Name}: {value} is far from {ideal}.");
            return new(Features.Plans.Value.Of(value), there.Max(held => held.At), isApproximate);
        }

        private long? Of(Rating rating, string feature, long at) => feature.Split('_')[0] switch
        {
            "stars" or "starred" => rating.Stars,
            "price" => rating.Price,
            "ratings" => 1,
            _ => _votes.Where(vote => vote.Rating == rating && vote.At <= at).OrderBy(vote => vote.At).ThenBy(vote => vote.Helpful).LastOrDefault()?.Helpful ?? 1,
        };

        private static long Weight(long at, long halfLife) =>
            (long)Math.Round(Math.Pow(2, Math.Floor(at % halfLife * 16384.0 / halfLife) / 16384) * (1 << 24));

        private static double Nearest(BigInteger value) => double.Parse(value.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
    }

    /// <summary>Small numbers, so that times tie and windows end exactly on events.</summary>
    public sealed record Step(int Kind, int Time, int Value, bool Good);

    [Fact]
    public void Any_history_reads_as_its_plain_twin_does()
    {
        var step = Gen.Choose(0, 11).SelectMany(
            kind => Gen.Choose(0, 40).SelectMany(time => Gen.Choose(0, 99).SelectMany(value => Gen.Elements(true, false).Select(good => new Step(kind, time, value, good)))));
        Prop.ForAll(step.ListOf().Resize(120).ToArbitrary(), history => Run([.. history])).Check(Config.QuickThrowOnFailure.WithMaxTest(100));
    }

    [Theory]
    [InlineData(1, 300, 900)]
    [InlineData(2, 3_000, 60)]
    public void Long_histories_read_as_their_plain_twin_does(int seed, int events, int step)
    {
        using var run = new DecayRun();
        var random = new Random(seed);
        var now = Start;
        for (var i = 0; i < events; i++)
        {
            now += random.Next(step);
            run.Apply(RatingOf(random, i, random.Next(6) == 0 ? now - random.Next(60_000) : now));
            if (random.Next(3) == 0)
            {
                run.Amend(new(run.Taken[random.Next(run.Taken.Count)], now - random.Next(3_000), random.Next(101)));
            }

            if (i % (events / 40) == 0)
            {
                run.Compare(now);
                run.Compare(now - random.Next(60_000));
                run.Compare(run.Taken[random.Next(run.Taken.Count)].At + 20_000);
                if (random.Next(4) == 0)
                {
                    run.Reload();
                }
            }
        }

        run.Reload();
        run.Compare(now);
        run.Compare(now + 70_000);
    }

    [Fact]
    public void Any_order_of_arrival_reads_the_same_bits_and_writes_the_same_bytes()
    {
        var random = new Random(3);
        for (var round = 0; round < 20; round++)
        {
            var ratings = Enumerable.Range(0, 30 * (round + 1)).Select(i => RatingOf(random, i, Start + random.Next(80_000))).ToArray();
            var expected = BitsOf(ratings);
            random.Shuffle(ratings);
            Assert.Equal(expected, BitsOf(ratings));
        }
    }

    [Fact]
    public void A_value_counts_half_for_every_half_life()
    {
        using var run = new DecayRun();
        run.Apply(new("r1", Start, true, 4, 1_000));

        Assert.Equal([1, 0.5, 0.25, 0.125], new[] { 0, 2, 4, 6 }.Select(seconds => run.Value("starred", Start + (seconds * 1_000)).Value.Number));
        Assert.Equal([4, 4, 4], new[] { 0, 3_333, 19_999 }.Select(after => run.Value("stars_mean", Start + after).Value.Number));
        Assert.True(run.Value("stars_mean", Start + 20_000).Value.IsMissing);
    }

    [Fact]
    public void Weights_are_powers_of_two_rounded_to_twenty_four_places()
    {
        for (var step = 0; step < DecayWeights.Steps; step++)
        {
            Assert.Equal(Math.Round(Math.Pow(2, step / (double)DecayWeights.Steps) * DecayWeights.One), DecayWeights.Of(step, DecayWeights.Steps));
        }
    }

    [Fact]
    public void Values_beyond_what_is_weighed_count_as_the_most_that_is()
    {
        var decay = new DecayPlan(1_000, false);

        Assert.Equal(DecayPlan.Most * DecayWeights.Of(999, 1_000), decay.Weigh(long.MaxValue, 999));
        Assert.Equal(-DecayPlan.Most * DecayWeights.Of(999, 1_000), decay.Weigh(long.MinValue, 999));
    }

    private static Rating RatingOf(Random random, int i, long at) => new(
        $"r{i}", at, random.Next(2) == 0, random.Next(5) == 0 ? null : random.Next(-5, 6), random.Next(9) == 0 ? random.NextInt64(-200_000_000_000, 200_000_000_000) : random.Next(100_000));

    private static void Run(Step[] steps)
    {
        using var run = new DecayRun();
        var now = Start;
        for (var i = 0; i < steps.Length; i++)
        {
            var (kind, time, value, good) = steps[i];
            switch (kind)
            {
                case < 4:
                    now += time * 50;
                    run.Apply(new($"r{i}", now, good, value % 6 == 0 ? null : (value % 11) - 5, value * 100));
                    break;
                case < 6:
                    run.Apply(new($"r{i}", Math.Max(0, now - (time * 2_300)), good, value % 4, -value));
                    break;
                case 6 when run.Taken.Count > 0:
                    run.Amend(new(run.Taken[value % run.Taken.Count], now + (time * 50) - 1_000, value));
                    break;
                case 7:
                    run.Reload();
                    break;
                case 8:
                    now += time > 30 ? 60_000 : 0;
                    break;
                case 9 when run.Taken.Count > 0:
                    run.Compare(run.Taken[value % run.Taken.Count].At + (good ? 20_000 : 5_300));
                    break;
                default:
                    run.Compare(Math.Max(0, now - (time * 400)));
                    break;
            }
        }

        run.Compare(now);
    }

    private static string BitsOf(Rating[] ratings)
    {
        using var run = new DecayRun();
        foreach (var rating in ratings)
        {
            run.Apply(rating);
        }

        run.Compare(Start + 80_000);
        return Convert.ToBase64String(run.Snapshot()) + string.Join(';', Plan.Kinds[0].Features.Select(feature => run.Value(feature.Name, Start + 81_234)));
    }
}
