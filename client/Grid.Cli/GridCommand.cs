using System.CommandLine;
using Grid.Cli.Commands;
using Grid.Decisions.Definitions;
using Grid.Features.Sources;

namespace Grid.Cli;

/// <summary>The <c>grid</c> command.</summary>
public static class GridCommand
{
    private const int Good = 0;
    private const int Failed = 1;
    private const int Usage = 2;

    /// <summary>Runs one command.</summary>
    /// <returns>0 where it did what was asked, 1 where it failed, 2 where it was called wrongly.</returns>
    public static async Task<int> RunAsync(string[] args, Terminal terminal, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(terminal);

        // A key may begin with '@', which would be taken for a file of arguments.
        var parsed = Build(terminal, args).Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
        if (parsed.Errors.Count > 0)
        {
            var commands = parsed.CommandResult.Command.Parents.OfType<Command>().Reverse().Append(parsed.CommandResult.Command).Skip(1);
            var path = string.Join(' ', commands.Select(command => command.Name).Prepend("grid"));
            await terminal.Error.WriteLineAsync($"{string.Join(' ', parsed.Errors.Select(error => error.Message))} See '{path} --help'.");
            return Usage;
        }

        try
        {
            // What the library itself prints, help and version, names the program's file; the command is named grid wherever it was started from.
            using var help = new StringWriter { NewLine = terminal.Out.NewLine };
            var configuration = new InvocationConfiguration { Output = help, Error = terminal.Error, EnableDefaultExceptionHandler = false };
            var code = await parsed.InvokeAsync(configuration, cancellation);
            await terminal.Out.WriteAsync(help.ToString().Replace($"  {RootCommand.ExecutableName} ", "  grid ", StringComparison.Ordinal));
            return code;
        }
        catch (UsageException wrong)
        {
            await terminal.Error.WriteLineAsync(wrong.Message);
            return Usage;
        }
        catch (OperationCanceledException)
        {
            await terminal.Error.WriteLineAsync("Stopped before the end.");
            return Failed;
        }
        catch (Exception failure) when (failure is GridException or BundleException or SourceException or IOException or UnauthorizedAccessException or InvalidDataException)
        {
            await terminal.Error.WriteLineAsync(failure.Message);
            return Failed;
        }
    }

    private static RootCommand Build(Terminal terminal, string[] args)
    {
        var root = new RootCommand("Asks, feeds and replays the grid: decisions made live in the owner of the freshest data.");
        root.Subcommands.Add(DecideCommand.Build(terminal));
        root.Subcommands.Add(FeaturesCommand.Build(terminal, args));
        root.Subcommands.Add(SimulateCommand.Build(terminal));
        root.Subcommands.Add(ReplayCommand.Build(terminal));
        root.Subcommands.Add(BatchCommand.Build(terminal));
        root.Subcommands.Add(ModelsCommand.Build(terminal));
        root.Subcommands.Add(FreshnessCommand.Build(terminal));
        return root;
    }

    /// <summary>What a command's action answers with.</summary>
    internal static int CodeOf(bool good) => good ? Good : Failed;
}
