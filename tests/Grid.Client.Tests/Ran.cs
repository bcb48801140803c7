using Grid.Cli;

namespace Grid.Client.Tests;

/// <summary>A command, run in process.</summary>
internal sealed record Ran(int Code, string Out, string Error)
{
    public static async Task<Ran> Async(string[] args, string input = "", TimeProvider? time = null)
    {
        using var reader = new StringReader(input);
        using var output = new StringWriter { NewLine = "\n" };
        using var error = new StringWriter { NewLine = "\n" };
        var terminal = new Terminal(reader, output, error, IsInteractive: false) { Time = time ?? TimeProvider.System };
        var code = await GridCommand.RunAsync(args, terminal, TestContext.Current.CancellationToken);
        return new(code, output.ToString(), error.ToString());
    }
}
