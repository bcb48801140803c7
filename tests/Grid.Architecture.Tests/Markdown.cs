using System.Text.RegularExpressions;

namespace Grid.Architecture.Tests;

/// <summary>What a Markdown file points at, and what can be pointed at in it.</summary>
internal static partial class Markdown
{
    /// <summary>Targets of links and images, those inside of code left out.</summary>
    public static IEnumerable<string> Links(string text) => Link().Matches(WithoutCode(text)).Select(match => match.Groups["target"].Value);

    /// <summary>Paths of this repository that stand in the text as code: <c>`src/Grid/IGrid.cs`</c>.</summary>
    public static IEnumerable<string> Paths(string text) =>
        CodePath().Matches(Fence().Replace(text, "")).Select(match => match.Groups["path"].Value);

    /// <summary>The anchors of the headings, as GitHub makes them.</summary>
    public static IReadOnlySet<string> Anchors(string text)
    {
        var anchors = new HashSet<string>(StringComparer.Ordinal);
        foreach (Match heading in Heading().Matches(Fence().Replace(text, "")))
        {
            var anchor = NotInAnchors().Replace(heading.Groups["title"].Value.Trim().ToLowerInvariant(), "").Replace(' ', '-');
            for (var copy = 0; !anchors.Add(copy == 0 ? anchor : $"{anchor}-{copy}"); copy++)
            {
            }
        }

        return anchors;
    }

    private static string WithoutCode(string text) => InlineCode().Replace(Fence().Replace(text, ""), "");

    [GeneratedRegex(@"\]\((?<target>[^)\s]+)(\s+""[^""]*"")?\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"`(?<path>(src|tests|docs|client|silo|infra|bundles)/[\w./-]*\w)`")]
    private static partial Regex CodePath();

    [GeneratedRegex("^(?<fence>```+).*?^\\k<fence>`*$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Fence();

    [GeneratedRegex("`[^`\n]*`")]
    private static partial Regex InlineCode();

    [GeneratedRegex("^#{1,6} (?<title>.+)$", RegexOptions.Multiline)]
    private static partial Regex Heading();

    [GeneratedRegex(@"[^\w\- ]")]
    private static partial Regex NotInAnchors();
}
