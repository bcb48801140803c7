namespace Grid.Decisions.Tests.Definitions;

/// <summary>
/// A broken bundle: <see cref="PaymentsBundle"/> with some lines exchanged, and what is told of it. In <c>Faults.approved.txt</c> a case is
/// a title (<c># …</c>), the lines that are taken out (<c>- …</c>), those that come in their place (<c>+ …</c>), the faults (<c>! …</c>).
/// </summary>
internal sealed record FaultCase(string Title, IReadOnlyList<string> Out, IReadOnlyList<string> In, IReadOnlyList<string> Told)
{
    public static IReadOnlyList<FaultCase> Read(string path) =>
    [
        .. File.ReadAllText(path).ReplaceLineEndings("\n").Split("\n\n", StringSplitOptions.RemoveEmptyEntries)
            .Select(block => block.Split('\n'))
            .Select(lines => new FaultCase(Lines(lines, "# ").Single(), Lines(lines, "- "), Lines(lines, "+ "), Lines(lines, "! "))),
    ];

    /// <summary>The case as it is written, with what is told now.</summary>
    public string Write(IReadOnlyList<string> told) => string.Join('\n',
        [$"# {Title}", .. Out.Select(line => $"- {line}"), .. In.Select(line => $"+ {line}"), .. told.Select(line => $"! {line}")]);

    public string Apply(string text)
    {
        var (was, becomes) = (string.Join('\n', Out), string.Join('\n', In));
        Assert.True(text.Split(was).Length == 2, $"'{was}' of the case '{Title}' must be in the bundle once.");
        return text.Replace(was, becomes, StringComparison.Ordinal);
    }

    private static List<string> Lines(string[] lines, string mark) =>
        [.. lines.Where(line => line.StartsWith(mark, StringComparison.Ordinal)).Select(line => line[mark.Length..])];
}
