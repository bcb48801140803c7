using System.Text.RegularExpressions;

namespace Grid.Infra.Tests.Measurements;

/// <summary>What a PromQL expression asks for: measurements by name, and labels. No more of the language is read than that.</summary>
internal sealed partial class Query
{
    private static readonly string[] Keywords = ["and", "or", "unless", "bool", "offset", "inf", "nan"];

    private Query(IReadOnlyList<Selector> selectors, IReadOnlyList<string> grouped) => (Selectors, Grouped) = (selectors, grouped);

    public IReadOnlyList<Selector> Selectors { get; }

    /// <summary>Labels that results are grouped or matched by.</summary>
    public IReadOnlyList<string> Grouped { get; }

    public static Query Read(string expression)
    {
        var rest = Ranges().Replace(expression, "");
        var grouped = Groupings().Matches(rest).SelectMany(match => match.Groups[1].Value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)).ToList();
        rest = Groupings().Replace(rest, " ");
        var selectors = Names().Matches(rest).Where(match => !Keywords.Contains(match.Groups["name"].Value.ToLowerInvariant()))
            .Select(match => new Selector(match.Groups["name"].Value, [.. Matchers().Matches(match.Groups["matchers"].Value)
                .Select(one => (one.Groups[1].Value, one.Groups[2].Value, one.Groups[3].Value))]));
        return new([.. selectors], grouped);
    }

    [GeneratedRegex(@"\[[^\]]*\]")]
    private static partial Regex Ranges();

    [GeneratedRegex(@"\b(?:by|without|on|ignoring|group_left|group_right)\s*\(([^)]*)\)")]
    private static partial Regex Groupings();

    [GeneratedRegex(@"(?<![\w.:$])(?<name>(?>[a-zA-Z_:][\w:]*))(?!\s*\()(?:\s*\{(?<matchers>[^}]*)\})?")]
    private static partial Regex Names();

    [GeneratedRegex("""([a-zA-Z_]\w*)\s*(=~|!~|!=|=)\s*"([^"]*)"\s*,?""")]
    private static partial Regex Matchers();
}

/// <summary>One measurement that is asked for.</summary>
/// <param name="Name">As Prometheus knows it, <c>_bucket</c> and the like included.</param>
/// <param name="Matchers">Label, operator, value.</param>
internal sealed record Selector(string Name, IReadOnlyList<(string Label, string Operator, string Value)> Matchers);
