using Grid.Features.Definitions.Yaml;

namespace Grid.Features.Definitions;

/// <summary>Which names a bundle may give: those that an expression can say.</summary>
internal static class Names
{
    public const string Expected = "a name of letters, digits and underscores that begins with a letter, at most 64 long";

    private const int Longest = 64;

    // Words that an expression reads as its own.
    private static readonly HashSet<string> Reserved = new(StringComparer.Ordinal) { "and", "or", "not", "true", "false", "if", "in" };

    /// <summary>Tells a key that cannot be a name, and says whether it can.</summary>
    public static bool Check(YamlText key, DiagnosticList faults)
    {
        if (Reserved.Contains(key.Text))
        {
            faults.Add(key, $"{key.Words} is a word of expressions; expected another name.");
            return false;
        }

        if (IsName(key.Text))
        {
            return true;
        }

        faults.Add(key, $"Expected {Expected}, found {key.Words}.");
        return false;
    }

    private static bool IsName(string text) =>
        text.Length is > 0 and <= Longest && !char.IsAsciiDigit(text[0]) && text.All(c => char.IsAsciiLetterOrDigit(c) || c == '_');
}
