using System.CommandLine;
using Grid.Cli.Replay;

namespace Grid.Cli.Commands;

/// <summary><c>grid replay FILE</c>: drives the embedded host with a file, in event-time order.</summary>
internal static class ReplayCommand
{
    public static Command Build(Terminal terminal)
    {
        var file = new Argument<string>("file") { Description = "A CSV file, compressed or not." };
        var bundle = new Option<string>("--bundle") { Description = "The bundle's folder.", HelpName = "folder", Required = true };
        var source = new Option<string>("--source") { Description = "The bundle's source that says what the columns mean.", HelpName = "name", Required = true };
        var decision = new Option<string?>("--decision") { Description = "Makes this decision on each event that asks for it; without it events are only observed.", HelpName = "name" };
        var model = new Option<string?>("--model") { Description = "Scores with this model of the bundle in place of the decision's own.", HelpName = "name" };
        var output = new Option<string?>("--out") { Description = "Writes a CSV file with a row for each decision: event id, features, score, action, outputs.", HelpName = "file" };
        var data = new Option<string?>("--data") { Description = "The data folder; a temporary one, deleted afterwards, where it is left out.", HelpName = "folder" };
        var limit = new Option<long?>("--limit") { Description = "Stops after this many rows of the file.", HelpName = "rows" };
        var from = new Option<string?>("--from") { Description = "Decides from this moment on; earlier events are only observed.", HelpName = "time" };
        var to = new Option<string?>("--to") { Description = "Stops at this moment.", HelpName = "time" };
        var batches = CommonOptions.Batches();
        var command = new Command("replay", "Replays a file through an embedded grid, in event-time order.")
        {
            file, bundle, source, decision, model, output, data, limit, from, to, batches,
        };
        command.SetAction(async (given, cancellation) =>
        {
            var request = new ReplayRequest(
                given.GetValue(file)!, given.GetValue(bundle)!, given.GetValue(source)!, given.GetValue(decision), given.GetValue(model),
                given.GetValue(output), given.GetValue(data), given.GetValue(limit),
                CommonOptions.Time(given.GetValue(from), "--from"), CommonOptions.Time(given.GetValue(to), "--to"), given.GetValue(batches)!);
            return GridCommand.CodeOf(await new ReplayRun(request, terminal).RunAsync(cancellation));
        });
        return command;
    }
}
