using Grid.Testing;

namespace Grid.EndToEnd.Tests.Documentation;

/// <summary>The list of commands is that of the documents: no command is shown that nobody has tried.</summary>
public sealed class CommandListTests
{
    private static readonly IReadOnlyList<ShownCommand> Shown = ShownCommand.All();

    private static IEnumerable<string> Listed =>
        [.. CommandList.Run.Select(run => run.Command), .. CommandList.Started, .. CommandList.RunElsewhere.Keys, .. CommandList.NotRun.Keys];

    [Fact]
    public void Shown_commands_are_run_by_a_test_or_listed_with_the_reason()
    {
        var whole = Shown.Where(command => CommandList.IsRunWhole(command.Document)).Select(command => command.Text);
        var known = Listed.Concat(whole).ToHashSet(StringComparer.Ordinal);

        AssertNone(Shown
            .Where(command => !known.Contains(command.Text))
            .Where(command => !CommandList.NotRunFrom.Keys.Any(start => command.Text.StartsWith(start, StringComparison.Ordinal)))
            .Select(command => $"{command.Document}: expected a test or a reason in CommandList.cs, found none for: {command.Text}"));
    }

    [Fact]
    public void Listed_commands_are_shown_by_a_document() => AssertNone(
        Listed.Except(Shown.Select(command => command.Text))
            .Select(text => $"CommandList.cs: expected a command of the documents, found: {text}"));

    [Fact]
    public void A_command_is_listed_once() => Assert.Equal(Listed.Distinct(StringComparer.Ordinal), Listed);

    [Fact]
    public void Tests_that_run_a_command_are_there() => Assert.All(
        CommandList.RunElsewhere.Values,
        by => Assert.Contains($" {by.Test}(", File.ReadAllText(Path.Combine(Repository.Root, by.File)), StringComparison.Ordinal));

    [Theory]
    [InlineData("```sh\n./grid a \\\n  b   # why\n# a comment\n\ncurl x | \\\n  curl y\n```\n", "./grid a b", "curl x | curl y")]
    [InlineData("```sh\nid=$(curl -d '{\"a\":\"#\"}' |\n  sed x)\necho \"a\nb\"\n```\n", "id=$(curl -d '{\"a\":\"#\"}' | sed x)", "echo \"a b\"")]
    [InlineData("text\n\n    dotnet build \\\n      x\n    row | byte\n\ntext", "dotnet build x")]
    [InlineData("| a | `./grid b` | `not a command` |\nand `dotnet\ntest`", "./grid b", "dotnet test")]
    [InlineData("```json\n{ \"a\": \"./grid\" }\n```\n```\ndotnet out\n```\n")]
    public void Commands_are_found(string markdown, params string[] commands) => Assert.Equal(commands, ShownCommand.In(markdown));

    /// <summary>Fails with every fault in full: the assertion of an empty collection cuts what it prints.</summary>
    private static void AssertNone(IEnumerable<string> faults)
    {
        if (string.Join('\n', faults) is { Length: > 0 } text)
        {
            Assert.Fail(text);
        }
    }
}
