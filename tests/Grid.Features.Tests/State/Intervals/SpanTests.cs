using FsCheck;
using FsCheck.Fluent;
using Grid.Features.Plans;
using Grid.Features.State;

namespace Grid.Features.Tests.State.Intervals;

/// <summary>What is open and what is latest, told to the state and to a plain twin.</summary>
public sealed class SpanTests
{
    private const long Day = 86_400_000;
    private const long Start = 10 * Day;

    private static readonly string Yaml = """
        events:
          placed:
            id: order
            time: at
            fields: { order: string, at: timestamp, area: string, express: boolean }
            keys: { area: area }
          delivered:
            id: event
            time: at
            fields: { event: string, order: string, at: timestamp, area: string }
            keys: { area: area }
          cancelled:
            id: event
            time: at
            fields: { event: string, order: string, at: timestamp, area: string }
            keys: { area: area }
          status:
            id: event
            time: at
            fields: { event: string, courier: string, at: timestamp, area: string, status: string }
            keys: { area: area }
          left:
            id: event
            time: at
            fields: { event: string, courier: string, at: timestamp, area: string }
            keys: { area: area }
        entities:
          area:
            retention: 1d30s
            open_orders: { open: placed, until: [delivered, cancelled] }
            open_express: { open: placed, until: [delivered, cancelled], where: express, window: 5s }
            open_before: { open: placed, until: delivered, window: 5s, delay: 2s, empty: -1 }
            shifts: { open: status, until: left, by: courier, window: 20s }
            free: { latest: status, by: courier, where: "status == 'free'" }
            free_here: { latest: status, by: courier, where: "status == 'free'", until: left }
            seen: { latest: status, by: courier, window: 3s, delay: 1s }
            orders_per_courier: "open_orders / free_here"
        """;

    private static readonly DefinitionPlan Plan = DefinedPlan.Of(Yaml);

    /// <summary>Per feature: what starts, what ends, and whether only what passes starts.</summary>
    private static readonly Dictionary<string, (string Starts, string[] Ends, bool Filtered)> Meanings = new()
    {
        ["open_orders"] = ("placed", ["delivered", "cancelled"], false),
        ["open_express"] = ("placed", ["delivered", "cancelled"], true),
        ["open_before"] = ("placed", ["delivered"], false),
        ["shifts"] = ("status", ["left"], false),
        ["free"] = ("status", ["status"], true),
        ["free_here"] = ("status", ["status", "left"], true),
        ["seen"] = ("status", ["status"], false),
    };

    private static readonly string[] Types = ["placed", "delivered", "cancelled", "status", "left"];

    /// <summary>Small numbers, so that keys meet, times tie and windows end exactly on events.</summary>
    public sealed record Step(int Kind, int Time, int Key, bool Passes);

    [Fact]
    public void Any_history_reads_as_its_plain_twin_does()
    {
        var step = Gen.Choose(0, 15).SelectMany(
            kind => Gen.Choose(0, 12).SelectMany(time => Gen.Choose(0, 9).SelectMany(key => Gen.Elements(true, false).Select(passes => new Step(kind, time, key, passes)))));
        Prop.ForAll(step.ListOf().Resize(120).ToArbitrary(), history => Run([.. history])).Check(Config.QuickThrowOnFailure.WithMaxTest(100));
    }

    [Theory]
    [InlineData(1, 300)]
    [InlineData(2, 3_000)]
    [InlineData(3, 5_000)]
    public void Long_histories_read_as_their_plain_twin_does(int seed, int events)
    {
        using var run = new SpanRun(Plan, Meanings);
        var random = new Random(seed);
        var now = Start;
        for (var i = 0; i < events; i++)
        {
            now += random.Next(40);
            var type = Types[random.Next(Types.Length)];
            var at = random.Next(8) == 0 ? now - random.Next(6_000) : random.Next(60) == 0 ? now - Day - random.Next(40_000) : now;

            // An order is delivered some time after it was placed, or never; or its delivery comes first, or twice.
            var key = type == "placed" ? $"o{i}" : type is "status" or "left" ? $"c{random.Next(40)}" : $"o{Math.Max(0, i - random.Next(-20, 300))}";
            run.Apply(new(type, type == "placed" ? key : $"e{i}", at, key, random.Next(2) == 0));
            if (i % (events / 60) == 0)
            {
                run.Compare(now);
                run.Compare(now - random.Next(30_000));
                run.Compare(run.Twin.Taken[random.Next(run.Twin.Taken.Count)].At + (random.Next(3) * 2_500));
                if (random.Next(5) == 0)
                {
                    run.Reload();
                }
            }
        }

        run.Reload();
        run.Compare(now);
        run.Compare(now - 4_000);
    }

    [Fact]
    public void Any_order_of_arrival_reads_the_same_and_writes_the_same_bytes()
    {
        var random = new Random(7);
        for (var round = 0; round < 20; round++)
        {
            var happenings = Enumerable.Range(0, 40 * (round + 1)).Select(i =>
            {
                var type = Types[random.Next(Types.Length)];
                var key = type == "placed" ? $"o{i}" : type is "status" or "left" ? $"c{random.Next(7)}" : $"o{random.Next(i + 5)}";
                return new PlainHappening(type, type == "placed" ? key : $"e{i}", Start + (random.Next(250) * 100), key, random.Next(2) == 0);
            }).ToArray();
            var expected = ReadAll(happenings);
            random.Shuffle(happenings);
            Assert.Equal(expected, ReadAll(happenings));
        }
    }

    [Fact]
    public void An_order_is_open_from_its_placing_until_the_earliest_of_its_ends()
    {
        using var run = new SpanRun(Plan, Meanings);
        run.Apply(new("delivered", "e1", Start + 900, "o1", true));
        run.Apply(new("placed", "o1", Start + 100, "o1", true));
        Assert.Equal([0, 1, 1, 0], run.Read("open_orders", Start + 99, Start + 100, Start + 899, Start + 900));

        run.Apply(new("cancelled", "e2", Start + 500, "o1", true));
        run.Apply(new("delivered", "e3", Start + 950, "o1", true));
        Assert.Equal([1, 0, 0], run.Read("open_orders", Start + 499, Start + 500, Start + 899));
    }

    [Fact]
    public void An_order_whose_end_lies_before_its_start_was_never_open()
    {
        using var run = new SpanRun(Plan, Meanings);
        run.Apply(new("placed", "o1", Start, "o1", true));
        run.Apply(new("delivered", "e1", Start - 5, "o1", true));

        Assert.Equal([0, 0, 0], run.Read("open_orders", Start - 5, Start, Start + 5));
    }

    [Fact]
    public void A_courier_counts_where_the_last_status_says_so_and_not_after_leaving()
    {
        using var run = new SpanRun(Plan, Meanings);
        run.Apply(new("status", "e1", Start, "c1", true));
        run.Apply(new("status", "e2", Start + 10, "c2", true));
        run.Apply(new("status", "e3", Start + 20, "c1", false));
        run.Apply(new("left", "e4", Start + 30, "c2", true));

        Assert.Equal([1, 2, 1, 1], run.Read("free", Start, Start + 10, Start + 20, Start + 30));
        Assert.Equal([1, 2, 1, 0], run.Read("free_here", Start, Start + 10, Start + 20, Start + 30));
    }

    [Fact]
    public void Reading_allocates_nothing_once_all_is_in_place()
    {
        using var store = new EntityStore(Plan);
        var area = store.Create(0, "a");
        var (row, values, features) = (new EventRow(), new ReadValue[Plan.Kinds[0].Features.Count], Enumerable.Range(0, Plan.Kinds[0].Features.Count).ToArray());
        var happenings = Enumerable.Range(0, 2_000).Select(i => new PlainHappening(i % 2 == 0 ? "placed" : "delivered", $"o{i}", Start + i, $"o{i & ~1}", true)).ToArray();
        foreach (var happening in happenings)
        {
            happening.Fill(row, Plan);
            store.Apply(area, row);
        }

        Assert.Equal(0, Allocations.Of(() =>
        {
            for (var i = 0; i < 1_000; i++)
            {
                store.Read(area, EventTime.FromUnixMilliseconds(Start + i), features, values);
            }
        }));
    }

    private static void Run(Step[] steps)
    {
        using var run = new SpanRun(Plan, Meanings);
        var now = Start;
        for (var i = 0; i < steps.Length; i++)
        {
            var (kind, time, key, passes) = steps[i];
            switch (kind)
            {
                case < 10:
                    now += time * 100;
                    var type = Types[kind % 5];
                    var at = kind < 7 ? now : kind == 7 ? now - Day + (time * 100) : now - (time * 400);
                    var name = type is "status" or "left" ? $"c{key % 4}" : $"o{key}";
                    run.Apply(new(type, type == "placed" ? name : $"e{i}", at, name, passes));
                    break;
                case 10:
                    run.Reload();
                    break;
                case 11:
                    now += time > 10 ? 12_000 : 0;
                    break;
                case 12 when run.Twin.Taken.Count > 0:
                    run.Compare(run.Twin.Taken[(key * 7) % run.Twin.Taken.Count].At + (passes ? 5_000 : 3_000));
                    break;
                default:
                    run.Compare(now - (time * 300));
                    break;
            }
        }

        run.Compare(now);
        run.Compare(now - 1_000);
    }

    private static List<string> ReadAll(PlainHappening[] happenings)
    {
        using var run = new SpanRun(Plan, Meanings);
        foreach (var happening in happenings)
        {
            run.Apply(happening);
            run.ReadSome(happening.At);
        }

        return [.. new[] { Start + 24_900, Start + 11_000, Start + 30_000 }.Select(run.ReadSome), Convert.ToBase64String(run.Snapshot())];
    }
}
