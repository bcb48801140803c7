using FsCheck;
using FsCheck.Fluent;
using Grid.Features.Plans;

namespace Grid.Features.Tests.State;

/// <summary>Random histories, told to the state and to its plain twin.</summary>
public sealed class HistoryTests
{
    private const long Start = 1_000_000;
    private const long Retention = 20_000;

    private static readonly DefinitionPlan Plan = StatePlans.Everything(700, 6_000, FeaturePlan.WholeHistory).Build(Retention);

    /// <summary>One thing that happens. Small numbers, so that times tie and windows end exactly on events.</summary>
    public sealed record Step(int Kind, int Time, int Value, int Other);

    [Fact]
    public void Any_history_reads_as_its_plain_twin_does()
    {
        var step = ArbMap.Default.GeneratorFor<int>().Four().Select(n => new Step(Math.Abs(n.Item1 % 12), Math.Abs(n.Item2 % 400), Math.Abs(n.Item3 % 900), Math.Abs(n.Item4 % 50)));
        var wide = Gen.Choose(0, 400).SelectMany(_ => Gen.Choose(0, 11), (time, kind) => (time, kind))
            .SelectMany(_ => Gen.Choose(0, 900), (first, value) => new Step(first.kind, first.time, value, (first.time * 7) % 50));
        var histories = Gen.OneOf(step, wide).ListOf().Resize(160);
        Prop.ForAll(histories.ToArbitrary(), history => Run([.. history])).Check(Config.QuickThrowOnFailure.WithMaxTest(60));
    }

    [Fact]
    public void Any_order_of_arrival_reads_the_same_bits()
    {
        var random = new Random(11);
        for (var round = 0; round < 12; round++)
        {
            var payments = Enumerable.Range(0, 60 * (round + 1))
                .Select(i => new PlainPayment($"r{i}", Start + (random.Next(150) * 100), random.Next(9) == 0 ? null : random.Next(-400, 900), "s" + random.Next(6), random.Next(7)))
                .ToArray();
            var reports = payments.Where(_ => random.Next(3) == 0).Select(p => new PlainReport(p, p.At + random.Next(9_000), random.Next(2) == 0, random.Next(3)))
                .Concat(payments.Where(_ => random.Next(6) == 0).Select(p => new PlainReport(p, p.At + random.Next(9_000), random.Next(2) == 0, random.Next(3))))
                .ToArray();
            var expected = ReadAll(payments, reports);
            for (var again = 0; again < 3; again++)
            {
                random.Shuffle(payments);
                random.Shuffle(reports);
                Assert.Equal(expected, ReadAll(payments, reports));
            }
        }
    }

    [Fact]
    public void A_tree_of_three_levels_reads_as_its_plain_twin_does_wherever_events_come_in()
    {
        var plans = new StatePlans();
        var amount = plans.Column(StatePlans.Amount, ColumnStorage.Fixed, scale: 2);
        var large = plans.Column(StatePlans.Amount, ColumnStorage.Fixed, filtered: true);
        foreach (var window in new[] { 900L, 300_000L, 5_000_000L, FeaturePlan.WholeHistory })
        {
            plans.Feature(Aggregation.Count, -1, window);
            foreach (var aggregation in new[] { Aggregation.Mean, Aggregation.StdDev, Aggregation.Min, Aggregation.Max, Aggregation.First, Aggregation.Last, Aggregation.Distinct, Aggregation.Top, Aggregation.Quantile })
            {
                plans.Feature(aggregation, aggregation == Aggregation.Mean ? amount : large, window, window / 7 % 1_000);
            }
        }

        using var run = new TwinRun(plans.Build(retention: 20_000_000));
        var random = new Random(12);
        for (var i = 0; i < 36_000; i++)
        {
            // In order, then at the very front, then anywhere, then in order again until much is forgotten.
            var time = i switch
            {
                < 18_000 => 30_000_000 + (i * 1_000L),
                < 20_000 => 30_000_000 - ((i - 18_000) * 10L),
                < 24_000 => random.Next(29_980_000, 48_000_000),
                _ => 48_000_000 + ((i - 24_000) * 1_500L),
            };
            run.Apply(new($"t{i}", time, i % 97 == 0 || i % 3000 < 900 ? random.Next(0, 400_000) : 1, null, null));
            if (i % 3_000 == 2_999)
            {
                run.Compare(Math.Max(time, 40_000_000));
                run.Compare(31_000_000 + (i * 300L));
            }
        }
    }

    [Fact]
    public void Extreme_values_do_not_overflow()
    {
        var plans = new StatePlans();
        var amount = plans.Column(StatePlans.Amount, ColumnStorage.Fixed, scale: 2);
        foreach (var aggregation in new[] { Aggregation.Sum, Aggregation.Mean, Aggregation.StdDev, Aggregation.Min, Aggregation.Max })
        {
            plans.Feature(aggregation, amount, 100_000);
            plans.Feature(aggregation, amount, 100);
        }

        using var run = new TwinRun(plans.Build(retention: 1_000_000));
        var random = new Random(13);
        for (var i = 0; i < 700; i++)
        {
            var value = random.Next(4) switch
            {
                0 => long.MaxValue,
                1 => long.MinValue,
                2 => random.NextInt64(long.MinValue, long.MaxValue),
                _ => random.Next(100),
            };
            run.Apply(new($"x{i}", 1_000 + random.Next(20_000), value, null, null));
            run.Compare(1_000 + random.Next(20_000));
        }
    }

    private static void Run(Step[] steps)
    {
        using var run = new TwinRun(Plan);
        var now = Start;
        foreach (var (step, i) in steps.Select((step, i) => (step, i)))
        {
            switch (step.Kind)
            {
                case < 4:
                    now += step.Time;
                    run.Apply(Payment(i, now, step));
                    break;
                case < 6:
                    run.Apply(Payment(i, Math.Max(0, now - (step.Time * 20)), step));
                    break;
                case 6:
                    run.Apply(Payment(i, now - Retention + (step.Time % 3) - 1, step));
                    break;
                case < 9 when run.Twin.Payments.Count > 0:
                    var payment = run.Twin.Payments[step.Other % run.Twin.Payments.Count];
                    run.Amend(new(payment, now + (step.Time * 10) - 2_000, step.Value % 3 == 0 ? null : step.Value % 3 == 1, step.Value % 2 == 0 ? null : step.Value % 5));
                    break;
                case 9:
                    Reload(run);
                    break;
                case 10 when run.Twin.Payments.Count > 0:
                    // A window's edge exactly on an event.
                    run.Compare(run.Twin.Payments[step.Other % run.Twin.Payments.Count].At + (step.Value % 2 == 0 ? 700 : 6_000));
                    break;
                default:
                    now += step.Time % 5 == 0 ? step.Time * 30 : 0;
                    run.Compare(Math.Max(0, now - (step.Value * 10)));
                    break;
            }
        }

        run.Compare(now);
        run.Compare(now + 500);
    }

    private static PlainPayment Payment(int i, long at, Step step) => new(
        $"h{i}",
        at,
        step.Value % 7 == 0 ? null : step.Value - 200,
        step.Value % 5 == 0 ? null : "s" + (step.Value % 4),
        step.Other % 3 == 0 ? null : (step.Other % 4) - 1.5);

    private static void Reload(TwinRun run)
    {
        var to = new System.Buffers.ArrayBufferWriter<byte>();
        run.Store.WriteSnapshot(run.Card, to);
        run.Store.Remove(run.Card);
        run.Card = run.Store.Restore(0, "card-1", to.WrittenSpan);
    }

    private static List<(long Bits, string? Text, long Newest, bool Approximate)> ReadAll(PlainPayment[] payments, PlainReport[] reports)
    {
        using var run = new TwinRun(Plan);
        foreach (var payment in payments)
        {
            run.Apply(payment);
        }

        foreach (var report in reports)
        {
            run.Amend(report);
        }

        var features = Enumerable.Range(0, Plan.Kinds[0].Features.Count).ToArray();
        var values = new ReadValue[features.Length];
        var all = new List<(long, string?, long, bool)>();
        foreach (var at in new[] { Start + 15_000, Start + 9_000, Start + 19_000 })
        {
            run.Store.Read(run.Card, EventTime.FromUnixMilliseconds(at), features, values);
            all.AddRange(values.Select(v => (BitConverter.DoubleToInt64Bits(v.Value.Number), v.Value.Text, v.NewestMilliseconds, v.Approximate)));
        }

        return all;
    }
}
