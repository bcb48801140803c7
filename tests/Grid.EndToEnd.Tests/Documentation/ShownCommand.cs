using System.Text;
using System.Text.RegularExpressions;
using Grid.Testing;

namespace Grid.EndToEnd.Tests.Documentation;

/// <summary>A command that a document shows, on one line and without its comment.</summary>
/// <param name="Document">The document's path from the root of the repository.</param>
/// <param name="Text">The command.</param>
internal sealed partial record ShownCommand(string Document, string Text)
{
    /// <summary>What an indented or inline piece of code begins with where it is a command.</summary>
    private static readonly string[] Programs =
        ["dotnet ", "./grid", "grid ", "curl ", "docker ", "kubectl ", "pg_dump ", ".ci/run", "export "];

    /// <summary>Every command of the README, CONTRIBUTING and the pages of <c>docs</c>.</summary>
    public static IReadOnlyList<ShownCommand> All() =>
    [
        .. Documents()
            .SelectMany(document => In(File.ReadAllText(Path.Combine(Repository.Root, document))).Select(text => new ShownCommand(document, text)))
            .Distinct(),
    ];

    /// <summary>Commands of a Markdown text: of its blocks of <c>sh</c>, of its indented code, and of code within a line.</summary>
    public static IEnumerable<string> In(string markdown)
    {
        var prose = Block().Replace(markdown, "");
        var shell = Block().Matches(markdown).Where(block => block.Groups["language"].Value == "sh");
        var inline = Inline().Matches(Indented().Replace(prose, "")).Select(code => Whitespace().Replace(code.Groups["code"].Value, " ").Trim());
        return shell.SelectMany(block => Of(block.Groups["code"].Value))
            .Concat(Indented().Matches(prose).SelectMany(block => Of(block.Value)).Where(IsCommand))
            .Concat(inline.Where(IsCommand));
    }

    private static IEnumerable<string> Documents() =>
    [
        "README.md", "CONTRIBUTING.md",
        .. Directory.EnumerateFiles(Path.Combine(Repository.Root, "docs"), "*.md", SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(Repository.Root, path)).Order(StringComparer.Ordinal),
    ];

    private static bool IsCommand(string text) => Programs.Any(program => text.StartsWith(program, StringComparison.Ordinal));

    /// <summary>The commands of a block: a line goes on where it ends in a backslash or a pipe, or within quotes or parentheses.</summary>
    private static IEnumerable<string> Of(string code)
    {
        var command = new StringBuilder();
        foreach (var line in code.Split('\n'))
        {
            command.Append(' ').Append(Comment().Replace(line, "").Trim());
            if (command[^1] == '\\')
            {
                command.Length--;
            }
            else if (IsWhole(command.ToString()))
            {
                if (Whitespace().Replace(command.ToString(), " ").Trim() is { Length: > 0 } whole)
                {
                    yield return whole;
                }

                command.Clear();
            }
        }
    }

    private static bool IsWhole(string command)
    {
        var (single, twofold, depth) = (false, false, 0);
        foreach (var sign in command)
        {
            single ^= sign == '\'' && !twofold;
            twofold ^= sign == '"' && !single;
            depth += single ? 0 : sign switch { '(' => 1, ')' => -1, _ => 0 };
        }

        return !single && !twofold && depth <= 0 && !command.TrimEnd().EndsWith('|');
    }

    [GeneratedRegex("^```(?<language>\\w*)\n(?<code>.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Block();

    [GeneratedRegex("(?<=\n\n)(    .*\n)+")]
    private static partial Regex Indented();

    [GeneratedRegex("`(?<code>[^`]+)`")]
    private static partial Regex Inline();

    [GeneratedRegex(@"(^|\s)#\s.*$")]
    private static partial Regex Comment();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Whitespace();
}
