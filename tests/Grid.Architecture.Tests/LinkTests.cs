using System.Text.RegularExpressions;

namespace Grid.Architecture.Tests;

/// <summary>Every document, heading and path that documents and comments name is there.</summary>
public sealed partial class LinkTests
{
    private static readonly string[] Documents = [".md"];

    private static readonly string[] Sources =
    [
        ".cs", ".csproj", ".props", ".targets", ".yaml", ".yml", ".json", ".env", ".py", ".js", ".html", ".css", ".editorconfig",
        "Containerfile", "BannedSymbols.txt",
    ];

    [Fact]
    public void Relative_links_of_documents_resolve() => AssertNone(BrokenLinks(RepositoryFiles.EndingIn(Documents)));

    /// <summary>Decisions and the changelog tell of the past: they may name what is gone.</summary>
    [Fact]
    public void Paths_in_documents_resolve() => AssertNone(
        from document in RepositoryFiles.EndingIn(Documents)
        where document != "CHANGELOG.md" && !document.StartsWith("docs/decisions/", StringComparison.Ordinal)
        from path in Markdown.Paths(RepositoryFiles.Text(document))
        where !RepositoryFiles.Exists(path)
        select $"{document}: expected a file or folder of the repository, found '{path}'");

    [Fact]
    public void Documents_named_in_comments_and_settings_resolve() => AssertNone(
        from source in RepositoryFiles.EndingIn([.. Sources, .. Documents])
        from Match mention in Mention().Matches(RepositoryFiles.Text(source))
        let target = mention.Value
        where !Resolves(target)
        select $"{source}: expected a document or a heading, found '{target}'");

    [Theory]
    [InlineData("[a](b.md) and [c](d.md#e \"title\") but not `[x](y)`", "b.md", "d.md#e")]
    [InlineData("```\n[a](b)\n```\n[c](d)", "d")]
    [InlineData("[![image](i.png)](page.md)", "i.png", "page.md")]
    public void Links_are_found_outside_of_code(string text, params string[] links) => Assert.Equal(links, Markdown.Links(text));

    [Theory]
    [InlineData("## Three silos, on one machine!", "three-silos-on-one-machine")]
    [InlineData("# A `code` heading", "a-code-heading")]
    [InlineData("# Twice\n# Twice", "twice", "twice-1")]
    [InlineData("```\n# a comment of a shell\n```\n# Real", "real")]
    public void Anchors_are_those_of_the_headings(string text, params string[] anchors) => Assert.Equal(anchors, Markdown.Anchors(text));

    /// <summary>Fails with every fault in full: the assertions of collections and texts cut what they print.</summary>
    private static void AssertNone(IEnumerable<string> faults)
    {
        if (string.Join('\n', faults) is { Length: > 0 } text)
        {
            Assert.Fail(text);
        }
    }

    private static IEnumerable<string> BrokenLinks(IEnumerable<string> documents) =>
        from document in documents
        from link in Markdown.Links(RepositoryFiles.Text(document))
        where !link.Contains(':', StringComparison.Ordinal) // https:, mailto:
        let target = link.StartsWith('#') ? document + link : Path.Join(Path.GetDirectoryName(document), link)
        where !Resolves(target)
        select $"{document}: expected a file of the repository and a heading of it, found '{link}'";

    private static bool Resolves(string target)
    {
        var parts = target.Split('#', 2);
        return RepositoryFiles.Exists(parts[0]) && (parts is [_] || Markdown.Anchors(RepositoryFiles.Text(parts[0])).Contains(parts[1]));
    }

    /// <summary>
    /// A path below <c>docs</c>, as comments write it: not one that follows a link's parenthesis or another folder, and no regular expression.
    /// </summary>
    [GeneratedRegex(@"(?<![\w/(.])docs/(?>[\w/-]+)(?!\\)(\.md)?(#[\w-]+)?")]
    private static partial Regex Mention();
}
