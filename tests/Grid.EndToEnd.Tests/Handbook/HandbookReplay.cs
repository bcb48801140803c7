using Grid.Decisions.Definitions;
using Grid.Engine;
using Grid.Features.Sources;
using Grid.Testing;

namespace Grid.EndToEnd.Tests.Handbook;

/// <summary>Sends the Handbook's published transactions, in their order, through an embedded grid of their own.</summary>
internal static class HandbookReplay
{
    /// <summary>Why a test cannot run without the published files.</summary>
    public const string Absent = "The Handbook's published files are not beside this clone (../shared/data/fraud).";

    /// <summary>Days from 2018-04-01, when the set begins.</summary>
    public static int DayOf(EventTime at) => (int)((at.UnixMilliseconds - 1_522_540_800_000) / 86_400_000);

    /// <summary>Decides on the transactions that are wanted, and observes all others and the fraud reports.</summary>
    /// <param name="model">The model that scores.</param>
    /// <param name="firstDay">The first day that is read; earlier rows are passed over.</param>
    /// <param name="lastDay">The last day that is read.</param>
    /// <param name="wanted">Which transactions are decided on, by the event that asks.</param>
    /// <param name="decided">What is done with each decision.</param>
    public static async Task RunAsync(string model, int firstDay, int lastDay, Func<SourceItem, bool> wanted, Action<Decision> decided)
    {
        using var folder = new TemporaryFolder();
        var bundle = BundleReader.Read(Repository.Bundle("fraud"), new() { Models = new Dictionary<string, string> { ["authorize"] = model } });
        await using var grid = EmbeddedGrid.Open(bundle, new() { Folder = folder.Path, Durability = Durability.Received }, TimeProvider.System);
        await using var file = SourceFile.Decompressed(File.OpenRead(Repository.SharedData("fraud/transactions.csv.gz")!));
        var source = new SourceReader(file, "transactions.csv.gz", bundle.Sources.Single(plan => plan.Name == "handbook"));
        while (source.TryRead(out var item) && DayOf(item.At) <= lastDay)
        {
            if (DayOf(item.At) < firstDay)
            {
                continue;
            }

            if (item.Plan.Name == "transaction" && wanted(item))
            {
                decided(await grid.DecideAsync("authorize", item.Event, default));
            }
            else
            {
                Assert.Equal(EventOutcome.Accepted, (await grid.IngestAsync(item.Event, default)).Outcome);
            }
        }
    }
}
