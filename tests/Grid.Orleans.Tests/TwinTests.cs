using System.Globalization;
using Grid.Decisions.Definitions;
using Grid.Engine;
using Grid.Testing;

namespace Grid.Orleans.Tests;

/// <summary>A cluster answers what the embedded grid answers, whatever it is asked in whatever order.</summary>
public sealed class TwinTests(PostgresFixture postgres)
{
    [Theory]
    [InlineData(StorageKind.Memory, 1)]
    [InlineData(StorageKind.Log, 2)]
    [InlineData(StorageKind.AdoNet, 3)]
    public async Task A_cluster_answers_as_the_embedded_grid_does(StorageKind storage, int seed)
    {
        await using var test = await postgres.StartAsync(storage);
        await CompareAsync(test.Grid, seed, 300);
    }

    [Fact]
    public async Task A_model_grain_scores_as_the_silo_does()
    {
        await using var test = await TestGrid.StartAsync(options =>
        {
            options.Storage = StorageKind.Memory;
            options.ModelGrains.Add("trees");
        });
        await CompareAsync(test.Grid, 4, 120);
    }

    [Fact]
    public async Task Snapshots_at_every_row_change_no_answer()
    {
        var database = await postgres.MakeDatabaseAsync();
        await using var test = await TestGrid.StartAsync(options => (options.Storage, options.ConnectionString, options.SnapshotEvery) = (StorageKind.Log, database, 1));
        await CompareAsync(test.Grid, 5, 120);
    }

    private static async Task CompareAsync(OrleansGrid cluster, int seed, int calls)
    {
        var folder = Directory.CreateTempSubdirectory("grid-twin-").FullName;
        await using var twin = EmbeddedGrid.Open(
            BundleReader.Read(Repository.Bundle("fraud")), new() { Folder = folder, Durability = Durability.Received }, TimeProvider.System);
        foreach (var (kind, happened) in new OperationStream(seed).Take(calls))
        {
            if (kind == "decide")
            {
                Assert.Equal(Words(await twin.DecideAsync("authorize", happened, default)), Words(await Retry.Async(() => cluster.DecideAsync("authorize", happened, default))));
            }
            else
            {
                Assert.Equal(await twin.IngestAsync(happened, default), await Retry.Async(() => cluster.IngestAsync(happened, default)));
            }
        }

        foreach (var entity in OperationStream.Entities)
        {
            Assert.Equal(
                (await twin.ReadFeaturesAsync(entity, OperationStream.End, default)).Features,
                (await Retry.Async(() => cluster.ReadFeaturesAsync(entity, OperationStream.End, default))).Features);
        }

        await twin.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    // All but the id, which says where a host keeps it.
    private static string Words(Decision made) => string.Join('|', (object[])
        [made.Name, made.Owner, made.EventId, made.At, made.Action, made.Score.ToString("R", CultureInfo.InvariantCulture), made.Model, made.Bundle, made.Fallback, made.Duplicate,
            .. made.Reasons, .. made.Features]);
}
