using System.IO.Compression;
using Grid.Gzip;

namespace Grid.Engine.Tests;

/// <summary>
/// Journals of every version ever released must stay readable. Samples are made by running this test with GRID_WRITE_SAMPLES=1; one that was released is
/// never made again.
/// </summary>
public sealed class SampleJournalTests
{
    private static readonly string Samples = Path.Combine(Repository.Root, "tests", "Grid.Engine.Tests", "Samples");

    private static readonly EntityId[] Entities = [new("card", "c0"), new("card", "c1"), new("terminal", "m0"), new("terminal", "m1")];

    [Fact]
    public async Task A_journal_of_version_1_reads_as_it_was_written()
    {
        var sample = Path.Combine(Samples, "journal-v1.db.gz");
        var portrait = Path.Combine(Samples, "journal-v1.txt");
        if (Environment.GetEnvironmentVariable("GRID_WRITE_SAMPLES") == "1")
        {
            await WriteAsync(sample, portrait);
        }

        using var folder = new TestFolder();
        await using (var packed = new StrictGzipStream(File.OpenRead(sample)))
        await using (var file = File.Create(folder.Database))
        {
            await packed.CopyToAsync(file);
        }

        await using var grid = Fraud.Open(folder);
        Assert.Equal((await File.ReadAllTextAsync(portrait)).TrimEnd(), await PortraitAsync(grid, folder));
    }

    private static async Task WriteAsync(string sample, string portrait)
    {
        using var folder = new TestFolder();
        var grid = Fraud.Open(folder);
        for (var i = 0; i < 10; i++)
        {
            await grid.DecideAsync("authorize", Fraud.Payment($"t{i}", $"c{i % 2}", $"m{i % 2}", i * 60, 10 + i), default);
            if (i == 6)
            {
                await grid.CheckpointAsync(default);
            }
        }

        await grid.IngestAsync(Fraud.Payment("t10", "c0", "m1", 700), default);
        await grid.IngestAsync(Fraud.Report("t3", 800), default);
        await grid.IngestAsync(Fraud.Report("t99", 800), default);
        grid.Abandon(); // As a killed process: what comes after the checkpoint is in the journal alone.

        Directory.CreateDirectory(Samples);
        await using (var file = File.OpenRead(folder.Database))
        await using (var packed = new GZipStream(File.Create(sample), CompressionLevel.SmallestSize))
        {
            await file.CopyToAsync(packed);
        }

        await using var reopened = Fraud.Open(folder);
        await File.WriteAllTextAsync(portrait, await PortraitAsync(reopened, folder) + "\n");
    }

    private static async Task<string> PortraitAsync(EmbeddedGrid grid, TestFolder folder)
    {
        var lines = new List<string>();
        foreach (var entry in JournalHistory.Read(folder.Path, Fraud.Bundle))
        {
            lines.Add($"{entry.Position} {entry.Event.Type} " + string.Join(" ", entry.Event.Select(field => $"{field.Key}={field.Value}")));
            if (entry.Decision is { } decision)
            {
                lines.Add($"  {decision.Id} {decision.Action} {decision.Score:R} [{string.Join(",", decision.Reasons)}] "
                    + string.Join(" ", decision.Features.Select(one => $"{one.Name}={one.Value:R}/{one.AgeMilliseconds}")));
                Assert.Equal(decision.Action, (await grid.FindDecisionAsync(decision.Id, default))!.Action);
            }
        }

        // Windows that any later version of the bundle is likely to keep.
        foreach (var entity in Entities)
        {
            var at = entity.Kind == "card" ? 1_000 : 1_000 + (7 * 86400);
            lines.Add($"{entity} {await Fraud.ReadAsync(grid, entity.Kind, entity.Key, "tx_count_30d", at)}");
        }

        return string.Join("\n", lines);
    }
}
