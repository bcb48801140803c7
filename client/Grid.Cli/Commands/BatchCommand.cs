using System.CommandLine;
using System.Globalization;
using Grid.Cli.Batches;
using Grid.Decisions.Definitions;

namespace Grid.Cli.Commands;

/// <summary><c>grid batch load FILE</c>: loads values of batch features into a running grid.</summary>
internal static class BatchCommand
{
    public static Command Build(Terminal terminal) => new("batch", "Brings features that were computed elsewhere.") { Load(terminal) };

    private static Command Load(Terminal terminal)
    {
        var file = new Argument<string>("file")
        {
            Description = "A CSV file with a header, compressed or not, or NDJSON (.ndjson, .jsonl): the column entity, the column at (when its values were computed), and a column for each feature.",
        };
        var bundle = new Option<string>("--bundle") { Description = "The bundle's folder, which says what the features are.", HelpName = "folder", Required = true };
        var kind = new Option<string>("--kind") { Description = "The kind of the entities, such as user.", HelpName = "name", Required = true };
        var (url, apiKey, cluster) = (CommonOptions.Url(), CommonOptions.ApiKey(), CommonOptions.Cluster());
        var command = new Command("load", "Loads a file of values. It takes the place of what was loaded of its features before, as a whole.") { file, bundle, kind, url, apiKey, cluster };
        command.SetAction(async (given, cancellation) =>
        {
            var read = BatchText.Read(given.GetValue(file)!, BatchText.KindOf(BundleReader.Read(given.GetValue(bundle)!), given.GetValue(kind)!));
            await using var link = await GridLink.ConnectAsync(given.GetValue(url)!, given.GetValue(apiKey), given.GetValue(cluster), cancellation);
            var loaded = await link.Grid.LoadBatchAsync(read, cancellation);
            terminal.Out.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{loaded.Rows:N0} of kind {loaded.Kind} loaded: {string.Join(", ", loaded.Features)}. Computed from {loaded.Oldest} to {loaded.Newest}; seen from {loaded.SeenFrom} on."));
            return GridCommand.CodeOf(good: true);
        });
        return command;
    }
}
