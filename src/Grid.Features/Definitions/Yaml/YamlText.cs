namespace Grid.Features.Definitions.Yaml;

/// <summary>A scalar, as text.</summary>
/// <param name="mark">Where it begins, its quote included.</param>
/// <param name="path">The path of keys that leads to it.</param>
/// <param name="text">What it says, quotes and escapes resolved.</param>
/// <param name="lead">
/// How many characters lie between the mark and the first of the text where the text stands in the file as it is; -1 where it does not (it
/// has escapes, or more than one line).
/// </param>
internal sealed class YamlText(YamlMark mark, string path, string text, int lead) : YamlValue(mark, path)
{
    private const int LongestQuoted = 60;

    public string Text { get; } = text;

    public bool IsEmpty => Text.Length == 0;

    /// <summary>Whether it stands between quotes: <c>""</c> says an empty text, where a key without a value says nothing.</summary>
    public bool IsQuoted { get; init; }

    public override string Words => IsEmpty ? "nothing" : Quote(Text);

    /// <summary>Where a character of the text is in the file; the beginning of the scalar where that cannot be told.</summary>
    public YamlMark MarkOf(int index) => lead < 0 ? Mark : Mark with { Column = Mark.Column + lead + index };

    /// <summary>A text in quotes, cut to a length that fits a message, without control characters.</summary>
    public static string Quote(string text) => $"'{Plain(text)}'";

    public static string Plain(string text)
    {
        var cut = text.Length > LongestQuoted ? string.Concat(text.AsSpan(0, LongestQuoted), "…") : text;
        return string.Concat(cut.Select(c => char.IsControl(c) || char.IsSurrogate(c) || c is '\u2028' or '\u2029' ? '�' : c));
    }
}
