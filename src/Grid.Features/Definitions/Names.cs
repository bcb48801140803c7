using Grid.Features.Definitions.Yaml;

namespace Grid.Features.Definitions;

/// <summary>Validates names in a bundle: they must be usable in expressions.</summary>
internal static class Names
{
    public const string Expected = "a name of letters, digits and underscores that begins with a letter, at most 64 long";

    private const int Longest = 64;

    // Keywords of expressions.
    private static readonly HashSet<string> Reserved = new(StringComparer.Ordinal) { "and", "or", "not", "true", "false", "if", "in" };

    /// <summary>Returns whether a key is a valid name; reports a diagnostic if not.</summary>
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
