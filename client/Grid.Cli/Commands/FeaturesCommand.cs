using System.CommandLine;

namespace Grid.Cli.Commands;

/// <summary><c>grid features KIND KEY</c>: every feature of an entity, at any moment.</summary>
internal static class FeaturesCommand
{
    public static Command Build(Terminal terminal)
    {
        var kind = new Argument<string>("kind") { Description = "The kind of the entity, such as card." };
        var key = new Argument<string>("key") { Description = "Its key, such as 4242." };
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
        return command;
    }
}
