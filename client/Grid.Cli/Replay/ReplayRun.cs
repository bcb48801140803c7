using Grid.Cli.Batches;
using Grid.Decisions.Definitions;
using Grid.Decisions.Plans;
using Grid.Engine;
using Grid.Features.Plans;
using Grid.Features.Sources;
using Spectre.Console;

namespace Grid.Cli.Replay;

/// <summary>
/// Feeds a file to an embedded grid of its own. Each call is awaited before the next is made: at durability <c>received</c> a call runs to its
/// end on this very thread, so every decision sees all that came before it and nothing else.
/// </summary>
internal sealed class ReplayRun(ReplayRequest request, Terminal terminal)
{
    private const int ProgressEvery = 4096;
    private readonly ReplayTally _tally = new();

    /// <summary>Runs to the end of the file and tells what happened.</summary>
    /// <returns>False where an event was rejected.</returns>
    public async Task<bool> RunAsync(CancellationToken cancellation)
    {
        var bundle = BundleReader.Read(request.Bundle, Overrides());
        var source = bundle.Sources.FirstOrDefault(one => one.Name == request.Source)
            ?? throw GridException.Unknown("source", request.Source, bundle.Sources.Select(one => one.Name));
        var decision = request.Decision is null ? null : DecisionOf(bundle, request.Decision);
        if (request.Out is not null && decision is null)
        {
            throw new UsageException("--out has a row for each decision, so it needs --decision.");
        }

        if (!File.Exists(request.File))
        {
            throw new FileNotFoundException($"There is no file '{request.File}'.");
        }

        var batches = LoggedBatches.Read(request.Batches, bundle);
        var folder = request.Data ?? Directory.CreateTempSubdirectory("grid-replay-").FullName;
        try
        {
            await using var grid = EmbeddedGrid.Open(bundle, new() { Folder = folder, Durability = Durability.Received }, terminal.Time);
            using var output = request.Out is null ? null : new DecisionCsv(
                request.Out, IdColumnOf(bundle, source, decision!), decision!, source.AnyOrder ? int.MaxValue : 8 * SourceReader.DefaultDisorder);
            await WithProgressAsync(told => FeedAsync(grid, source, decision, output, batches, told, cancellation));
        }
        finally
        {
            if (request.Data is null)
            {
                Directory.Delete(folder, recursive: true);
            }
        }

        return _tally.Rejected == 0;
    }

    private async Task FeedAsync(
        EmbeddedGrid grid, SourcePlan source, DecisionSchema? decision, DecisionCsv? output, LoggedBatches batches, Action<double> told, CancellationToken cancellation)
    {
        await using var file = new FileStream(request.File, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 17, FileOptions.SequentialScan);
        await using var text = SourceFile.Decompressed(file);
        var reader = Open(text, source);
        var said = new SaidOutputs(source, decision);
        var started = terminal.Time.GetTimestamp();
        for (var count = 1; Next(reader, out var item) && !(item.At >= request.To); count++)
        {
            if (item.Row >= request.Limit)
            {
                if (source.AnyOrder)
                {
                    continue;
                }

                break;
            }

            await batches.LoadUntilAsync(grid, item.At, cancellation);
            said.Fill(item);
            var decides = decision is not null && item.Event.Type == decision.Event && !(item.At < request.From);
            await (decides ? DecideAsync(grid, decision!.Name, item, output, said) : IngestAsync(grid, item));
            if (count % ProgressEvery == 0)
            {
                cancellation.ThrowIfCancellationRequested();
                told((double)file.Position / Math.Max(file.Length, 1));
            }
        }

        told(1);
        _tally.Write(terminal, reader.Rows, terminal.Time.GetElapsedTime(started));
    }

    private SourceReader Open(Stream text, SourcePlan source)
    {
        try
        {
            return new SourceReader(text, request.File, source);
        }
        catch (SourceException broken)
        {
            throw Stopped(broken, rows: 0);
        }
    }

    private bool Next(SourceReader reader, out SourceItem item)
    {
        try
        {
            return reader.TryRead(out item);
        }
        catch (SourceException broken)
        {
            throw Stopped(broken, reader.Rows);
        }
    }

    // A file that cannot be read on has been replayed in part, and whoever reads the message must know in what part.
    private SourceException Stopped(SourceException broken, long rows) =>
        new(broken.File, broken.Line, broken.Column, $"{broken.Detail} {_tally.Until(rows)}", broken);

    private async ValueTask DecideAsync(EmbeddedGrid grid, string decision, SourceItem item, DecisionCsv? output, SaidOutputs said)
    {
        var started = terminal.Time.GetTimestamp();
        try
        {
            var made = await grid.DecideAsync(decision, item.Event, CancellationToken.None);
            _tally.Decided(made, terminal.Time.GetElapsedTime(started));
            output?.Write(made, item.Row);
            said.Keep(item.Row, made);
        }
        catch (GridException refused) when (refused is { Error: GridError.InvalidInput or GridError.IdConflict, ValidationError: { } fault })
        {
            _tally.Reject(item.Row, fault);
        }
    }

    private async ValueTask IngestAsync(EmbeddedGrid grid, SourceItem item) =>
        _tally.Ingested(await grid.IngestAsync(item.Event, CancellationToken.None), item.Row);

    private async Task WithProgressAsync(Func<Action<double>, Task> work)
    {
        if (!terminal.IsInteractive)
        {
            await work(_ => { });
            return;
        }

        var console = AnsiConsole.Create(new() { Out = new AnsiConsoleOutput(terminal.Error) });
        await console.Progress()
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
            .AutoClear(true)
            .StartAsync(async context =>
            {
                var task = context.AddTask("replay", maxValue: 1);
                await work(part => task.Value = part);
            });
    }

    private BundleOverrides? Overrides()
    {
        if (request.Model is null)
        {
            return null;
        }

        return request.Decision is { } decision
            ? new() { Models = new Dictionary<string, string> { [decision] = request.Model } }
            : throw new UsageException("--model names the model of a decision, so it needs --decision.");
    }

    private static DecisionSchema DecisionOf(Bundle bundle, string name) =>
        bundle.Schema.Decisions.FirstOrDefault(one => one.Name == name)
            ?? throw GridException.Unknown("decision", name, bundle.Schema.Decisions.Select(one => one.Name));

    private static string IdColumnOf(Bundle bundle, SourcePlan source, DecisionSchema decision)
    {
        var id = bundle.Schema.Events.Single(type => type.Type == decision.Event).IdField;
        var isRow = source.Events.Any(made => made.Event.Name == decision.Event && made.Columns.Any(column => column.Slot == made.Event.IdSlot && column.Column == SourcePlan.RowNumber));
        return isRow ? "row" : id;
    }
}
