using Grid.Cli.Batches;
using Grid.Decisions.Plans;
using Grid.Engine;
using Grid.Features.Plans;
using Grid.Features.Sources;
using Grid.Json;

namespace Grid.Cli.Freshness;

/// <summary>
/// Replays logged traffic through an embedded grid of its own, has each request rank what it was shown, and scores every candidate again from features as
/// they were some time before, and without each of them. Those rankings are judged of which something was chosen.
/// </summary>
internal sealed class RankingFreshnessRun(FreshnessRequest request, LoggedBatches batches, Terminal terminal)
{
    /// <summary>Runs to the end and writes the report.</summary>
    /// <returns>False where candidates that were scored again from the same values came out otherwise.</returns>
    public async Task<bool> RunAsync(Bundle bundle, SourcePlan source, DecisionPlan decision, CancellationToken cancellation)
    {
        var shown = ShownCandidates.Read(request, source, decision);
        var results = new RankingResults(decision);
        var folder = Directory.CreateTempSubdirectory("grid-freshness-").FullName;
        try
        {
            await using var grid = EmbeddedGrid.Open(bundle, new() { Folder = folder, Durability = Durability.Received }, terminal.Time);
            using var variations = new Variations(decision, results.Subjects);
            await FeedAsync(grid, source, shown, results, variations, cancellation);
            results.Held(grid.ResidentEntities, grid.ResidentBytes);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }

        FreshnessTables.Write(terminal.Out, results);
        if (results.Unequal > 0)
        {
            await terminal.Error.WriteLineAsync($"{results.Unequal} candidates came out otherwise when they were scored again from the same values; the report is not to be trusted.");
        }

        return results.Unequal == 0;
    }

    private async Task FeedAsync(
        EmbeddedGrid grid, SourcePlan source, ShownCandidates shown, RankingResults results, Variations variations, CancellationToken cancellation)
    {
        await using var file = new FileStream(request.File, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 17, FileOptions.SequentialScan);
        await using var text = SourceFile.Decompressed(file);
        var reader = new SourceReader(text, request.File, source);
        var on = results.Decision.On;
        while (reader.TryRead(out var item) && !(item.At >= request.To))
        {
            cancellation.ThrowIfCancellationRequested();
            if (item.At < request.Start)
            {
                continue;
            }

            await batches.LoadUntilAsync(grid, item.At, cancellation);
            if (item.Plan.Ordinal == on.Ordinal && !(item.At < request.From)
                && shown.Of(item.Event[on.Fields[on.IdSlot].Name].Text ?? "") is { Count: > 0 } candidates)
            {
                await new RankingJudge(grid, results, variations, terminal.Time).JudgeAsync(item.Event, item.At, candidates);
            }
            else if (await grid.IngestAsync(item.Event, cancellation) is { Outcome: EventOutcome.Rejected } rejected)
            {
                throw GridProblem.From(rejected).ToException();
            }
        }
    }
}
