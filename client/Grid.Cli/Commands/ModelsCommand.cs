using System.CommandLine;

namespace Grid.Cli.Commands;

/// <summary><c>grid models reload NAME</c>: has a running silo read a model's file again.</summary>
internal static class ModelsCommand
{
    public static Command Build(Terminal terminal) => new("models", "Manages the models of a running silo.") { Reload(terminal) };

    private static Command Reload(Terminal terminal)
    {
        var name = new Argument<string>("name") { Description = "The model's name in the bundle, such as trees." };
        var (url, apiKey) = (CommonOptions.Url(), CommonOptions.ApiKey());
        var command = new Command("reload", "Reads a model's file again, without a pause; a file that does not fit is refused and the old model stays. Of a cluster each silo is asked.") { name, url, apiKey };
        command.SetAction(async (given, cancellation) =>
        {
            using var client = await CommonOptions.ConnectAsync(given.GetValue(url)!, given.GetValue(apiKey), cancellation);
            var reload = await client.ReloadModelAsync(given.GetValue(name)!, cancellation);
            terminal.Out.WriteLine(reload.Before == reload.Now
                ? $"{reload.Model}: version {reload.Now} is loaded again; the file has not changed."
                : $"{reload.Model}: version {reload.Now} scores in place of {reload.Before}.");
            return GridCommand.CodeOf(good: true);
        });
        return command;
    }
}
