using System.Text.RegularExpressions;
using Grid.Testing;

namespace Grid.Infra.Tests.Manifests;

/// <summary>What <c>docs/kubernetes.md</c> lists.</summary>
internal static partial class DeploymentPage
{
    public const string Name = "docs/kubernetes.md";

    private static readonly string Text = File.ReadAllText(Path.Combine(Repository.Root, "docs", "kubernetes.md"));

    /// <summary>Settings by the names of their environment variables; a number in a list is written <c>N</c>.</summary>
    public static IEnumerable<string> Settings => Rows("## Settings").Select(row => row[0]);

    /// <summary>Secrets that somebody must make, and their keys.</summary>
    public static IEnumerable<(string Name, string Key)> Secrets => Rows("## Secrets").Select(row => (row[0], row[1]));

    public static IEnumerable<string> Headings => Heading().Matches(Text).Select(match => match.Groups[1].Value.Trim());

    public static string Unnumbered(string setting) => Numbered().Replace(setting, "__N");

    /// <summary>The words in code of each row of the table under a heading.</summary>
    private static IEnumerable<string[]> Rows(string heading)
    {
        var section = Text[Text.IndexOf(heading + "\n", StringComparison.Ordinal)..];
        var end = section.IndexOf("\n## ", StringComparison.Ordinal);
        return section[..(end < 0 ? section.Length : end)].Split('\n').Where(line => line.StartsWith("| `", StringComparison.Ordinal))
            .Select(line => line.Split('|').Select(cell => cell.Trim().Trim('`')).Skip(1).ToArray());
    }

    [GeneratedRegex(@"^#+ (.+)$", RegexOptions.Multiline)]
    private static partial Regex Heading();

    [GeneratedRegex(@"__[0-9]+$")]
    private static partial Regex Numbered();
}
