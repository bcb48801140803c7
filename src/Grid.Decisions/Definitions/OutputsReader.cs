using Grid.Features.Definitions;
using Grid.Features.Definitions.Yaml;

namespace Grid.Decisions.Definitions;

/// <summary>An output while it is read: a number of the answer, computed from the model's scores.</summary>
internal sealed record OutputDraft(string Name, YamlText Expression);

/// <summary>Reads the mapping <c>outputs</c> of a decision.</summary>
internal sealed class OutputsReader(DiagnosticList faults)
{
    private const string Expected = "a mapping of names to expressions over the scores, such as { eta_s: \"max(60, score)\" }";

    /// <param name="decision">The definition of the decision.</param>
    /// <param name="taken">Names that are already used, with their meanings.</param>
    public List<OutputDraft> Read(MapReader decision, IReadOnlyDictionary<string, string> taken)
    {
        var outputs = new List<OutputDraft>();
        foreach (var entry in decision.Section("outputs", Expected)?.Entries ?? [])
        {
            Names.Check(entry.Key, faults);
            if (taken.TryGetValue(entry.Name, out var what))
            {
                faults.Add(entry.Key, $"{entry.Key.Words} is {what}; expected another name.");
            }
            else if (entry.Value is YamlText { IsEmpty: false } expression)
            {
                outputs.Add(new(entry.Name, expression));
            }
            else
            {
                faults.Add(entry.Value, $"Expected an expression over the scores, found {entry.Value.Words}.");
            }
        }

        return outputs;
    }
}
