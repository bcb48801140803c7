using System.Text.RegularExpressions;

namespace Grid.Infra.Tests.Measurements;

/// <summary>What a process tells at <c>/metrics</c>: names, and the labels that go with each.</summary>
internal sealed partial class Scrape
{
    private readonly Dictionary<string, List<IReadOnlyDictionary<string, string>>> _samples = new(StringComparer.Ordinal);

    public Scrape(string text)
    {
        foreach (var line in text.Split('\n').Where(line => line.Length > 0 && line[0] != '#'))
        {
            var sample = Sample().Match(line);
            var labels = Label().Matches(sample.Groups[2].Value).ToDictionary(match => match.Groups[1].Value, match => match.Groups[2].Value, StringComparer.Ordinal);
            if (!_samples.TryGetValue(sample.Groups[1].Value, out var all))
            {
                _samples.Add(sample.Groups[1].Value, all = []);
            }

            all.Add(labels);
        }
    }

    public bool Tells(string name) => _samples.ContainsKey(name);

    /// <summary>Every value that a label of a measurement has; none where it has no such label.</summary>
    public IReadOnlyList<string> Values(string name, string label) =>
        _samples.TryGetValue(name, out var all) ? [.. all.Where(one => one.ContainsKey(label)).Select(one => one[label]).Distinct(StringComparer.Ordinal)] : [];

    [GeneratedRegex(@"^([a-zA-Z_:][\w:]*)(\{.*\})? ")]
    private static partial Regex Sample();

    [GeneratedRegex("""([a-zA-Z_]\w*)="((?:[^"\\]|\\.)*)"[,}]""")]
    private static partial Regex Label();
}
