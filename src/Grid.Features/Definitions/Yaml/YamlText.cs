namespace Grid.Features.Definitions.Yaml;

/// <summary>A scalar, as text.</summary>
/// <param name="mark">The location of its first character, including a quote.</param>
/// <param name="path">The path of keys to it.</param>
/// <param name="text">Its text, with quotes and escapes resolved.</param>
/// <param name="lead">
/// The number of characters between the mark and the text if the text appears verbatim in the file; -1 if it does not (it has escapes, or
/// several lines).
/// </param>
internal sealed class YamlText(YamlMark mark, string path, string text, int lead) : YamlValue(mark, path)
{
    private const int LongestQuoted = 60;

    public string Text { get; } = text;

    public bool IsEmpty => Text.Length == 0;

    /// <summary>Whether the scalar is quoted: <c>""</c> is an empty text, a key without a value is no text.</summary>
    public bool IsQuoted { get; init; }

    public override string Words => IsEmpty ? "nothing" : Quote(Text);

    /// <summary>The location of a character of the text; the start of the scalar if that is unknown.</summary>
    public YamlMark MarkOf(int index) => lead < 0 ? Mark : Mark with { Column = Mark.Column + lead + index };

    /// <summary>A text in quotes, truncated for messages, without control characters.</summary>
    public static string Quote(string text) => $"'{Plain(text)}'";

    public static string Plain(string text)
    {
        var cut = text.Length > LongestQuoted ? string.Concat(text.AsSpan(0, LongestQuoted), "…") : text;
        return string.Concat(cut.Select(c => char.IsControl(c) || char.IsSurrogate(c) || c is '\u2028' or '\u2029' ? '�' : c));
    }
}
