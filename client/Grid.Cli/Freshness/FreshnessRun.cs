using Grid.Cli.Batches;
using Grid.Cli.Replay;
using Grid.Decisions.Definitions;
using Grid.Decisions.Plans;
using Grid.Engine;
using Grid.Features.Plans;
using Grid.Features.Sources;
using Grid.Json;

namespace Grid.Cli.Freshness;

/// <summary>
/// Replays logged traffic through an embedded grid of its own, and makes each decision again from features as they were some time before, read from the
/// same grid at those moments, and without each of them.
/// </summary>
internal sealed class FreshnessRun(FreshnessRequest request, Terminal terminal)
{
    /// <summary>Runs to the end of the file and writes the report.</summary>
    /// <returns>False where the decisions that were made again from the same values came out otherwise.</returns>
    public async Task<bool> RunAsync(CancellationToken cancellation)
    {
        var bundle = BundleReader.Read(request.Bundle);
        var source = bundle.Sources.FirstOrDefault(one => one.Name == request.Source)
            ?? throw GridException.Unknown("source", request.Source, bundle.Sources.Select(one => one.Name));
        var decision = bundle.Decisions.FirstOrDefault(one => one.Name == request.Decision)
            ?? throw GridException.Unknown("decision", request.Decision, bundle.Decisions.Select(one => one.Name));
        if (!File.Exists(request.File))
        {
            throw new FileNotFoundException($"There is no file '{request.File}'.");
        }

        var batches = LoggedBatches.Read(request.Batches, bundle);
        if (decision.Candidates is not null)
        {
            return await new RankingFreshnessRun(request, batches, terminal).RunAsync(bundle, source, decision, cancellation);
        }

        if (request.Shown is not null)
        {
            throw new UsageException($"'{decision.Name}' ranks nothing, so there is nothing to say of what was shown.");
        }

        var truth = Truth.Of(bundle, decision, request.Label);
        var results = new FreshnessResults(decision, truth, request);
        var folder = Directory.CreateTempSubdirectory("grid-freshness-").FullName;
        try
        {
            await using var grid = EmbeddedGrid.Open(bundle, new() { Folder = folder, Durability = Durability.Received }, terminal.Time);
            using var variations = new Variations(decision, results.Subjects);
            await FeedAsync(grid, source, decision, truth, batches, results, variations, cancellation);
            results.Held(grid.ResidentEntities, grid.ResidentBytes);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }

        FreshnessTables.Write(terminal.Out, results);
        if (results.Unequal > 0)
        {
            await terminal.Error.WriteLineAsync($"{results.Unequal} decisions came out otherwise when they were made again from the same values; the report is not to be trusted.");
        }

        return results.Unequal == 0;
    }

    private async Task FeedAsync(
        EmbeddedGrid grid, SourcePlan source, DecisionPlan decision, Truth truth, LoggedBatches batches, FreshnessResults results, Variations variations,
        CancellationToken cancellation)
    {
        await using var file = new FileStream(request.File, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 17, FileOptions.SequentialScan);
        await using var text = SourceFile.Decompressed(file);
        var reader = new SourceReader(text, request.File, source);
        var said = new SaidOutputs(source, grid.Schema.Decisions.Single(one => one.Name == decision.Name));
        while (reader.TryRead(out var item))
        {
            cancellation.ThrowIfCancellationRequested();
            truth.Take(item);
            if (item.At < request.Start || item.At >= request.To)
            {
                continue; // What comes after the end still tells what was true.
            }

            await batches.LoadUntilAsync(grid, item.At, cancellation);
            said.Fill(item);
            var asks = item.Plan.Ordinal == decision.On.Ordinal;
            if (asks && !(item.At < request.From))
            {
                said.Keep(item.Row, await JudgeAsync(grid, decision, item.Event, item.At, results, variations));
            }
            else if (asks && said.AreWanted)
            {
                said.Keep(item.Row, await grid.DecideAsync(decision.Name, item.Event, cancellation));
            }
            else if (await grid.IngestAsync(item.Event, cancellation) is { Outcome: EventOutcome.Rejected } rejected)
            {
                throw GridProblem.From(rejected).ToException();
            }
        }
    }

    // Others are read before the turn, as the decision does; the owner after it, for the event counts in what the owner reads.
    private async Task<Decision> JudgeAsync(
        EmbeddedGrid grid, DecisionPlan decision, Event asked, EventTime at, FreshnessResults results, Variations variations)
    {
        foreach (var costs in results.Costs.Where(costs => !costs.IsOwn))
        {
            await ReadAsync(grid, decision, asked, at, costs, variations);
        }

        var made = await grid.DecideAsync(decision.Name, asked, CancellationToken.None);
        await ReadAsync(grid, decision, asked, at, results.Costs.Single(costs => costs.IsOwn), variations);
        results.Begin(made);
        variations.Score(asked, results.Outputs, results.Take);
        return made;
    }

    private async Task ReadAsync(
        EmbeddedGrid grid, DecisionPlan decision, Event asked, EventTime at, ReadCosts costs, Variations variations)
    {
        var field = decision.On.Fields[costs.Read.KeySlot].Name;
        if (asked[field].Text is not { Length: > 0 } key)
        {
            variations.TakeNone(costs.Read);
            return;
        }

        costs.Needed(key, at);
        for (var age = 0; age < Ages.Milliseconds.Length; age++)
        {
            var started = terminal.Time.GetTimestamp();
            var read = await grid.ReadFeaturesAsync(new(costs.Read.Kind.Name, key), Ages.Before(at, age), CancellationToken.None);
            if (age == 0)
            {
                costs.Took(started, terminal.Time.GetTimestamp(), terminal.Time.TimestampFrequency);
            }

            variations.Take(costs.Read, age, read);
        }
    }
}
