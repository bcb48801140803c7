using System.CommandLine;
using System.Globalization;
using Grid.Json;

namespace Grid.Cli.Commands;

/// <summary><c>grid features KIND KEY</c>: every feature of an entity, at any moment.</summary>
internal static class FeaturesCommand
{
    /// <param name="terminal">Where it writes.</param>
    /// <param name="args">
    /// All arguments. <c>list</c> has none of its own, and help would name those of the command above it as its; behind a kind it is a key.
    /// </param>
    public static Command Build(Terminal terminal, string[] args)
    {
        if (args is ["features", "list", ..])
        {
            return new("features") { List(terminal) };
        }

        var kind = new Argument<string>("kind") { Description = "The kind of the entity, such as card." };
        var key = new Argument<string>("key")
        {
            Description = "Its key, such as 4242. Write -- before the kind where the key begins with a dash.",
        };
        var at = new Option<string?>("--at") { Description = "The moment, such as 2018-07-25T00:00:29Z; now where it is left out.", HelpName = "time" };
        var (url, apiKey, cluster) = (CommonOptions.Url(), CommonOptions.ApiKey(), CommonOptions.Cluster());
        var command = new Command("features", "Shows every feature of an entity, with its age.") { kind, key, at, url, apiKey, cluster };
        command.SetAction(async (given, cancellation) =>
        {
            var moment = CommonOptions.Time(given.GetValue(at), "--at");
            await using var link = await GridLink.ConnectAsync(given.GetValue(url)!, given.GetValue(apiKey), given.GetValue(cluster), cancellation);
            var grid = link.Grid;
            var read = await grid.ReadFeaturesAsync(new(given.GetValue(kind)!, given.GetValue(key)!), moment, cancellation);
            terminal.Out.WriteLine($"{read.Entity} at {read.At}");
            TextTable.Write(terminal.Out, read.Features);
            return GridCommand.CodeOf(good: true);
        });
        if (args is not ["features", [not '-', ..], ..])
        {
            command.Subcommands.Add(List(terminal));
        }

        return command;
    }

    private static Command List(Terminal terminal)
    {
        var (url, apiKey, cluster) = (CommonOptions.Url(), CommonOptions.ApiKey(), CommonOptions.Cluster());
        var command = new Command("list", "Lists every feature: its tier, its window, how old it may be, and what reading it costs, measured now.") { url, apiKey, cluster };
        command.SetAction(async (given, cancellation) =>
        {
            await using var link = await GridLink.ConnectAsync(given.GetValue(url)!, given.GetValue(apiKey), given.GetValue(cluster), cancellation);
            var entries = await link.Grid.ListFeaturesAsync(cancellation);
            TextTable.Write(terminal.Out, [["feature", "tier", "window", "delay", "max age", "loaded", "ns a read", "definition"], .. entries.Select(Row)]);
            return GridCommand.CodeOf(good: true);
        });
        return command;
    }

    private static string[] Row(FeatureEntry entry) =>
    [
        entry.Name,
        entry.Tier == FeatureTier.OnDemand ? "on demand" : CatalogueJson.NameOf(entry.Tier),
        Span(entry.WindowMilliseconds),
        entry.DelayMilliseconds == 0 ? "-" : Span(entry.DelayMilliseconds),
        Span(entry.MaxAgeMilliseconds),
        entry.Loaded is { } loaded ? $"{loaded.Newest} ({loaded.Rows} rows)" : "-",
        double.IsNaN(entry.Nanoseconds) ? "-" : entry.Nanoseconds.ToString("N0", CultureInfo.InvariantCulture),
        entry.Definition,
    ];

    private static string Span(long? milliseconds) => milliseconds switch
    {
        null => "-",
        { } days when days % 86_400_000 == 0 => $"{days / 86_400_000}d",
        { } hours when hours % 3_600_000 == 0 => $"{hours / 3_600_000}h",
        { } minutes when minutes % 60_000 == 0 => $"{minutes / 60_000}m",
        { } other => $"{other}ms",
    };
}
