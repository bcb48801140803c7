namespace Grid.EndToEnd.Tests.Documentation;

/// <summary>
/// Runs the commands of the documents that need no server as they are shown, in a folder that looks like the root of a clone and holds small data.
/// </summary>
public sealed class CommandTests
{
    public static TheoryData<string> Commands => [.. CommandList.On(Stage.Alone).Select(run => run.Command)];

    [Theory]
    [MemberData(nameof(Commands))]
    public async Task Command_that_needs_no_server_runs(string command)
    {
        if (command.Split(' ') is ["dotnet", "test", "--project", var project, ..])
        {
            Assert.SkipUnless(SmallClone.IsBuilt(project), $"{project} is not built here; 'dotnet test' of the solution builds it.");
        }

        using var clone = new SmallClone();

        await clone.RunAsync(CommandList.Run.Single(run => run.Command == command), []);
    }
}
