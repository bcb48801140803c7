using Grid.Features.Plans;
using Grid.Features.State;
using Grid.Features.State.Loaded;

namespace Grid.Features.Tests.State.Batch;

/// <summary>Values that were loaded as whole files, read by a store and by a plain list of files.</summary>
public sealed class LoadedBatchesTests
{
    private const int Cuisine = 0, Spend = 1, Loyal = 2;

    private static readonly DefinitionPlan Plan = DefinedPlan.Of("""
        events:
          order:
            id: order
            time: at
            fields: { order: string, at: timestamp, user: string }
            keys: { user: user }
        entities:
          user:
            cuisine: { batch: text, max_age: 4s }
            spend: { batch: number, max_age: 9s, empty: -1 }
            loyal: { batch: boolean }
        """);

    private static readonly string[] Cuisines = ["thai", "indian", "größe"];

    private sealed record PlainFile(long Known, int[] Features, Dictionary<string, (long At, Value[] Values)> Rows);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Every_reading_is_that_of_the_latest_file_that_names_the_feature(int seed)
    {
        var random = new Random(seed);
        var loaded = new LoadedBatches();
        using var store = new EntityStore(Plan) { Loaded = loaded };
        store.Create(0, "u3");
        var files = new List<PlainFile>();
        var compared = 0;
        for (var known = 20_000L; known < 60_000; known += 1 + random.Next(4_000))
        {
            var file = Draw(random, known);
            files.Add(file);
            loaded.Add(new(
                Plan.Kinds[0], file.Features, [.. file.Rows.Select(row => (row.Key, EventTime.FromUnixMilliseconds(row.Value.At), row.Value.Values))], EventTime.FromUnixMilliseconds(known)));
            files.RemoveAll(old => files.Count(newer => newer.Known > old.Known && old.Features.All(newer.Features.Contains)) >= LoadedBatches.MostKept);
            for (var i = 0; i < 200; i++)
            {
                var (key, feature) = ($"u{random.Next(40)}", random.Next(3));
                var at = random.Next(3) == 0 ? files[random.Next(files.Count)].Known - random.Next(2) : 15_000L + random.Next(60_000);
                Assert.Equal(Expected(files, key, feature, at), Read(store, key, feature, at));
                compared++;
            }
        }

        Assert.InRange(compared, 2_000, int.MaxValue);
    }

    [Fact]
    public void An_old_file_goes_when_enough_newer_ones_say_all_that_it_says()
    {
        var loaded = new LoadedBatches();
        var both = File([Cuisine, Spend], 1);
        Assert.Empty(loaded.Add(both));
        for (var known = 2; known <= LoadedBatches.MostKept; known++)
        {
            Assert.Empty(loaded.Add(File([Cuisine, Spend], known)));
        }

        Assert.Empty(loaded.Add(File([Spend], 100)));
        Assert.Same(both, Assert.Single(loaded.Add(File([Cuisine, Spend, Loyal], 101))));

        static LoadedBatch File(int[] features, long known) => new(Plan.Kinds[0], features, [], EventTime.FromUnixMilliseconds(known));
    }

    private static PlainFile Draw(Random random, long known)
    {
        int[] features = random.Next(4) switch { 0 => [Spend], 1 => [Cuisine, Loyal], 2 => [Loyal, Spend, Cuisine], _ => [Cuisine, Spend] };
        var rows = new Dictionary<string, (long, Value[])>();
        for (var i = random.Next(60); i > 0; i--)
        {
            rows[$"u{random.Next(40)}"] = (known - random.Next(12_000), [.. features.Select(feature => random.Next(5) == 0 ? Value.Missing : feature switch
            {
                Cuisine => Value.Of(Cuisines[random.Next(Cuisines.Length)]),
                Spend => Value.Of(random.NextDouble()),
                _ => Value.Of(random.Next(2)),
            })]);
        }

        return new(known, features, rows);
    }

    private static ReadValue Expected(List<PlainFile> files, string key, int feature, long at)
    {
        var plan = Plan.Kinds[0].Features[feature];
        var empty = plan.Empty ?? Value.Missing;
        var file = files.LastOrDefault(one => one.Known <= at && one.Features.Contains(feature));
        if (file is null || !file.Rows.TryGetValue(key, out var row))
        {
            return new(empty, ReadValue.Nothing, false);
        }

        var value = row.Values[Array.IndexOf(file.Features, feature)];
        return new(value.IsMissing || at - row.At > (plan.Batch!.MaxAgeMilliseconds ?? long.MaxValue) ? empty : value, row.At, false);
    }

    // Resident or not, an entity has the values that were loaded for its key.
    private static ReadValue Read(EntityStore store, string key, int feature, long at)
    {
        var values = new ReadValue[1];
        var entity = store.Find(0, key);
        if (entity.Exists)
        {
            store.Read(entity, EventTime.FromUnixMilliseconds(at), [feature], values);
        }
        else
        {
            store.ReadEmpty(0, EventTime.FromUnixMilliseconds(at), [feature], values, key);
        }

        return values[0];
    }
}
