using System.CommandLine;
using Grid.Cli.Freshness;

namespace Grid.Cli.Commands;

/// <summary><c>grid freshness report FILE</c>: what a decision loses where its features are older, or not there.</summary>
internal static class FreshnessCommand
{
    public static Command Build(Terminal terminal) => new("freshness", "Says what fresh features are worth.") { Report(terminal) };

    private static Command Report(Terminal terminal)
    {
        var file = new Argument<string>("file") { Description = "A CSV file with logged traffic, compressed or not." };
        var bundle = new Option<string>("--bundle") { Description = "The bundle's folder.", HelpName = "folder", Required = true };
        var source = new Option<string>("--source") { Description = "The bundle's source that says what the columns mean.", HelpName = "name", Required = true };
        var decision = new Option<string>("--decision") { Description = "The decision.", HelpName = "name", Required = true };
        var label = new Option<string?>("--label") { Description = "What says what was right: a label with a boolean field, or a later event with the same id, whose time is predicted; the event's only label where it is left out.", HelpName = "event" };
        var alert = new Option<string?>("--alert") { Description = "The action that raises an alert; that of the policy's first rule where it is left out.", HelpName = "action" };
        var predicts = new Option<string?>("--predicts") { Description = "The output that predicts the seconds until the later event.", HelpName = "output" };
        var low = new Option<string?>("--low") { Description = "The output that its range begins with.", HelpName = "output" };
        var high = new Option<string?>("--high") { Description = "The output that its range ends with.", HelpName = "output" };
        var only = new Option<string?>("--only") { Description = "Judges decisions with this action only.", HelpName = "action" };
        var most = new Option<double?>("--most") { Description = "Judges only what took fewer seconds.", HelpName = "seconds" };
        var candidates = new Option<string?>("--candidates") { Description = "Of a decision that ranks: which rows are candidates that were shown, such as event=shown. Their fields stand in columns of the same names.", HelpName = "column=text" };
        var shownFor = new Option<string?>("--request") { Description = "The column with the id of the request that a candidate was shown for.", HelpName = "column" };
        var chosen = new Option<string?>("--chosen") { Description = "The column that says whether a candidate was chosen.", HelpName = "column" };
        var start = new Option<string?>("--start") { Description = "Passes over all that happened before this moment.", HelpName = "time" };
        var from = new Option<string?>("--from") { Description = "Judges decisions from this moment on.", HelpName = "time" };
        var to = new Option<string?>("--to") { Description = "Judges decisions before this moment.", HelpName = "time" };
        var batches = CommonOptions.Batches();
        var command = new Command("report", "Replays traffic, makes each decision again from features as they were up to a day before and without each of them, and tells what is lost.")
        {
            file, bundle, source, decision, label, alert, predicts, low, high, only, most, candidates, shownFor, chosen, start, from, to, batches,
        };
        command.SetAction(async (given, cancellation) =>
        {
            var request = new FreshnessRequest(
                given.GetValue(file)!, given.GetValue(bundle)!, given.GetValue(source)!, given.GetValue(decision)!, given.GetValue(label), given.GetValue(alert),
                given.GetValue(predicts), given.GetValue(low), given.GetValue(high), given.GetValue(only), given.GetValue(most),
                Shown(given.GetValue(candidates), given.GetValue(shownFor), given.GetValue(chosen)),
                CommonOptions.Time(given.GetValue(start), "--start"), CommonOptions.Time(given.GetValue(from), "--from"), CommonOptions.Time(given.GetValue(to), "--to"),
                given.GetValue(batches)!);
            return GridCommand.CodeOf(await new FreshnessRun(request, terminal).RunAsync(cancellation));
        });
        return command;
    }

    private static ShownColumns? Shown(string? candidates, string? request, string? chosen)
    {
        if (candidates is null && request is null && chosen is null)
        {
            return null;
        }

        return candidates?.Split('=', 2) is [{ Length: > 0 } column, var equal] && request is not null && chosen is not null
            ? new(column, equal, request, chosen)
            : throw new UsageException("What was shown is told by --candidates COLUMN=TEXT, --request COLUMN and --chosen COLUMN together.");
    }
}
