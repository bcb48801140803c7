using System.Globalization;
using Grid.Contract.Tests;
using Microsoft.Extensions.Time.Testing;

namespace Grid.Orleans.Tests;

/// <summary>Files of batch features in a cluster of several silos, and after it.</summary>
public sealed class ClusterFileTests(PostgresFixture postgres) : IDisposable
{
    private const int Large = 60_000;

    private readonly FakeTimeProvider _clock = TestClock.New();
    private readonly string _folder = Directory.CreateTempSubdirectory("grid-files-").FullName;

    [Theory]
    [InlineData(StorageKind.Log)]
    [InlineData(StorageKind.AdoNet)]
    public async Task Files_of_some_megabytes_are_there_after_all_silos_were_stopped_and_in_one_that_joins_later(StorageKind storage)
    {
        var database = await postgres.MakeDatabaseAsync();
        var bundle = BatchContract.Write(_folder);
        BatchReceipt large, small;
        await using (var before = await TestGrid.StartAsync(Configure, bundle, time: _clock))
        {
            large = await before.Grid.LoadBatchAsync(Users(["cuisine", "spend"], [.. Enumerable.Range(0, Large).Select(Row)]), default);
            small = await before.Grid.LoadBatchAsync(Users(["spend"], ("u7", [7m])), default);
            await CheckAsync(before);
        }

        await using var after = await TestGrid.StartAsync(Configure, bundle, time: _clock);
        await CheckAsync(after);
        await after.Cluster.StartAdditionalSiloAsync();
        await CheckAsync(after);

        void Configure(GridClusterOptions options) => (options.Storage, options.ConnectionString) = (storage, database);

        async Task CheckAsync(TestGrid test)
        {
            Pass(small.SeenFrom);
            foreach (var core in test.OfEachSilo<SiloCore>())
            {
                await core.Files.KnowAsync(small.SeenFrom);
                Assert.Equal([(large.SeenFrom, Large), (small.SeenFrom, 1)], core.Files.Loaded.Files.Select(file => (file.Known, file.Rows)));
            }

            foreach (var user in (int[])[0, 7, Large - 1])
            {
                var read = await test.Grid.ReadFeaturesAsync(new("user", $"u{user}"), null, default);
                Assert.Equal((Cuisine(user), user == 7 ? 7.0 : 0.0), (read["cuisine"].Text, read["spend"].Value)); // The small one says nothing of the others' spend.
                Assert.Equal(user, (await test.Grid.ReadFeaturesAsync(new("user", $"u{user}"), large.SeenFrom, default))["spend"].Value);
            }
        }
    }

    [Theory]
    [InlineData(StorageKind.Log)]
    [InlineData(StorageKind.Memory)]
    public async Task Loads_through_all_silos_at_once_get_moments_of_their_own_and_every_silo_has_them_in_one_order(StorageKind storage)
    {
        await using var test = await postgres.StartAsync(storage, BatchContract.Write(_folder), _clock);
        var grids = test.OfEachSilo<OrleansGrid>();

        var receipts = await Task.WhenAll(Enumerable.Range(0, 8).Select(async i =>
            (Value: (double)i, Loaded: await grids[i % grids.Length].LoadBatchAsync(Users(["spend"], ("u", [(decimal)i])), default))));

        var ordered = receipts.OrderBy(one => one.Loaded.SeenFrom).ToList();
        Assert.Equal(8, ordered.Select(one => one.Loaded.SeenFrom).Distinct().Count());
        Pass(ordered[^1].Loaded.SeenFrom);
        foreach (var (grid, core) in grids.Zip(test.OfEachSilo<SiloCore>()))
        {
            foreach (var (value, loaded) in ordered)
            {
                Assert.Equal(value, (await grid.ReadFeaturesAsync(new("user", "u"), loaded.SeenFrom, default))["spend"].Value);
            }

            await core.Files.KnowAsync(ordered[^1].Loaded.SeenFrom);
            Assert.Equal(ordered.Select(one => one.Loaded.SeenFrom), core.Files.Loaded.Files.Select(file => file.Known));
        }
    }

    [Fact]
    public async Task A_silo_whose_bundle_has_no_batch_features_never_looks_and_refuses_files()
    {
        await using var test = await TestGrid.StartAsync(options => options.Storage = StorageKind.Memory, silos: 1);

        var refused = await Assert.ThrowsAsync<GridException>(async () => await test.Grid.LoadBatchAsync(new("card", ["tx_count_1d"], []), default));

        Assert.Equal(GridError.UnknownName, refused.Error);
        Assert.False(test.OfEachSilo<SiloCore>()[0].Files.IsNeeded);
        Assert.Contains(await test.Grid.ListFeaturesAsync(default), entry => (entry.Name, entry.Tier) == ("authorize.is_night", FeatureTier.OnDemand) && entry.Nanoseconds > 0);
    }

    /// <summary>Moves the clock past a moment.</summary>
    private void Pass(EventTime moment)
    {
        var ahead = moment.UnixMilliseconds + 1 - _clock.Now().UnixMilliseconds;
        _clock.Advance(TimeSpan.FromMilliseconds(Math.Max(0, ahead)));
    }

    /// <summary>Values of users, computed a second ago.</summary>
    private BatchFile Users(IReadOnlyList<string> features, params (string Key, FieldValue[] Values)[] rows)
    {
        var at = EventTime.FromUnixMilliseconds(_clock.Now().UnixMilliseconds - 1_000);
        return new("user", features, [.. rows.Select(row => new BatchRow(row.Key, at, row.Values))]);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static (string, FieldValue[]) Row(int user) => (string.Create(CultureInfo.InvariantCulture, $"u{user}"), [Cuisine(user), (decimal)user]);

    private static string Cuisine(int user) => string.Create(CultureInfo.InvariantCulture, $"{user} of a kind of cooking that takes a good hundred bytes to tell, so that all of the file takes several megabytes");
}
