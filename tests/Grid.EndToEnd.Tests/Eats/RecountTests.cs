using Grid.Decisions.Definitions;
using Grid.Decisions.Plans;
using Grid.Engine;
using Grid.Features.Sources;
using Grid.Testing;

namespace Grid.EndToEnd.Tests.Eats;

/// <summary>
/// Open orders, 30-minute counts, and couriers free and busy equal a brute-force recount at 1,000 random instants of the real month, while one event
/// in twelve comes up to three days late and one in twenty comes twice. A reading counts by event time: all that happened at or before its moment, of
/// what the grid was told by the time it was asked. What comes in later changes the readings of past moments too. Late and past mean within three days: areas keep seven (<c>retention</c>).
/// </summary>
public sealed class RecountTests(ITestOutputHelper output)
{
    private const int Instants = 1_000;
    private const double HalfHour = 1_800, Hour = 3_600, Day = 86_400;
    private static readonly double[] Edges = [0, HalfHour, Hour, 3 * Hour, 6 * Hour, HalfHour - 0.001, -0.001];

    [Theory]
    [InlineData(20_150_201)]
    public async Task Counts_equal_a_recount_at_random_instants(int seed)
    {
        if (DeliveriesFile.Path is null)
        {
            Assert.Skip(DeliveriesFile.Absent);
            return;
        }

        var random = new Random(seed);
        var rows = DeliveriesFile.Read();
        var recount = new Recount(rows);
        var bundle = BundleReader.Read(Repository.Bundle("eats"));
        var feed = Feed(bundle, random);
        var asked = Enumerable.Range(0, Instants).Select(_ => random.Next(feed.Count)).GroupBy(place => place).ToDictionary(place => place.Key, place => place.Count());
        using var folder = new TemporaryFolder();
        await using var grid = EmbeddedGrid.Open(bundle, new() { Folder = folder.Path, Durability = Durability.Received }, TimeProvider.System);
        var (duplicates, past, nonzero) = (0, 0, new int[5]);

        for (var place = 0; place < feed.Count; place++)
        {
            var (now, item) = feed[place];
            var isNew = recount.Tell(item.Plan.Name, (int)item.Row);
            Assert.Equal(isNew ? EventOutcome.Accepted : EventOutcome.Duplicate, (await grid.IngestAsync(item.Event, default)).Outcome);
            duplicates += isNew ? 0 : 1;
            for (var left = asked.GetValueOrDefault(place); left > 0; left--)
            {
                var about = rows[random.Next(rows.Count)];
                var at = Instant(now, about, random);
                past += at < now ? 1 : 0;
                await CompareAsync(grid, recount, about, at, nonzero);
            }
        }

        output.WriteLine($"{feed.Count} events told, {duplicates} of them again; {Instants} instants, {past} of them past; above zero in: {string.Join(", ", nonzero)}");
        Assert.InRange(duplicates, feed.Count / 30, feed.Count / 10);
        Assert.All(nonzero, count => Assert.InRange(count, 20, Instants)); // The instants are no empty ones.
    }

    private static async Task CompareAsync(EmbeddedGrid grid, Recount recount, Delivery about, double at, int[] nonzero)
    {
        var restaurant = await grid.ReadFeaturesAsync(new("restaurant", about.Restaurant), DeliveriesFile.At(at), default);
        var area = await grid.ReadFeaturesAsync(new("courier_area", about.Area), DeliveriesFile.At(at), default);
        int[] expected =
        [
            recount.Open(row => row.Restaurant == about.Restaurant, at, 6 * Hour),
            recount.Count(Recount.Placed, row => row.Restaurant == about.Restaurant, at, HalfHour),
            recount.Open(row => row.Area == about.Area, at, 6 * Hour),
            recount.Couriers(Recount.Arrived, Recount.Delivered, row => row.Area == about.Area, at, 3 * Hour),
            recount.Couriers(Recount.Delivered, Recount.Arrived, row => row.Area == about.Area, at, Hour),
        ];
        double[] read =
        [
            restaurant["open_orders"].Value, restaurant["num_orders_last_30_min"].Value,
            area["open_orders"].Value, area["busy_couriers"].Value, area["free_couriers"].Value,
        ];

        Assert.Equal(expected.Select(count => (double)count), read);
        Assert.Equal(recount.Count(Recount.Placed, row => row.Area == about.Area, at, HalfHour), area["placed_30m"].Value);
        Assert.Equal(recount.Count(Recount.Delivered, row => row.Area == about.Area, at, HalfHour), area["delivered_30m"].Value);
        Assert.Equal(expected[2] / Math.Max(1.0, expected[3] + expected[4]), area["orders_per_courier"].Value);
        for (var i = 0; i < nonzero.Length; i++)
        {
            nonzero[i] += expected[i] > 0 ? 1 : 0;
        }
    }

    /// <summary>Every event of the file, in the order of the telling: some come late, some twice. The moment is when it is told, in seconds from day 1.</summary>
    private static List<(double Told, SourceItem Item)> Feed(Bundle bundle, Random random)
    {
        using var file = SourceFile.Decompressed(File.OpenRead(DeliveriesFile.Path!));
        var source = new SourceReader(file, "deliveries-month.csv.gz", bundle.Sources.Single(plan => plan.Name == "deliveries"));
        var feed = new List<(double, SourceItem)>();
        var start = DeliveriesFile.At(0).UnixMilliseconds;
        while (source.TryRead(out var item))
        {
            var told = (item.At.UnixMilliseconds - start) / 1e3;
            told += random.Next(12) == 0 ? random.NextDouble() * (random.Next(2) == 0 ? Hour : 3 * Day) : 0;
            feed.Add((told, item));
            if (random.Next(20) == 0)
            {
                feed.Add((told + (random.NextDouble() * Day), item));
            }
        }

        return [.. feed.OrderBy(one => one.Item1)];
    }

    /// <summary>
    /// Now, a random moment of the past three days, or one on the edge of a window of something that happened to the order; a whole number of milliseconds.
    /// </summary>
    private static double Instant(double now, Delivery about, Random random)
    {
        double?[] moments = [about.Placed, about.Arrived, about.Delivered];
        var edge = (moments[random.Next(moments.Length)] ?? now) + Edges[random.Next(Edges.Length)];
        var at = random.Next(3) switch
        {
            0 => now,
            1 => now - (random.NextDouble() * 3 * Day),
            _ => edge <= now && edge > now - (3 * Day) ? edge : now,
        };
        return Math.Floor((at * 1000) + 1e-6) / 1000;
    }
}
