using Grid.Features.Definitions.Kinds;
using Grid.Features.Definitions.Yaml;
using Grid.Features.Expressions;
using Grid.Features.Plans;

namespace Grid.Features.Definitions.Events;

/// <summary>
/// Reads the fields of an event that are computed on ingest: <c>speed: { expression: "km / hours", type: decimal(3) }</c>.
/// </summary>
internal static class ComputedReader
{
    /// <summary>The key that marks a computed field.</summary>
    public const string Key = "expression";

    private static readonly string[] Keys = [Key, "type"];

    /// <param name="draft">The event.</param>
    /// <param name="sent">The fields that callers send, by slot.</param>
    /// <param name="faults">Receives diagnostics.</param>
    public static IEnumerable<FieldPlan> Read(EventDraft draft, IReadOnlyList<FieldPlan> sent, DiagnosticList faults)
    {
        var scope = new EventScope(new() { Ordinal = draft.Ordinal, Name = draft.Name, Fields = sent, IdSlot = -1, TimeSlot = -1, Keys = [] });
        foreach (var entry in draft.Computed)
        {
            // A field with a diagnostic has no type, but its name is still known.
            yield return Field(draft, entry, new((YamlMap)entry.Value, faults), scope, faults) ?? new() { Name = entry.Name, Type = FieldType.None, Required = false };
        }
    }

    private static FieldPlan? Field(EventDraft draft, YamlEntry entry, MapReader reader, EventScope scope, DiagnosticList faults)
    {
        reader.Only(Keys);
        if (draft.IsLabel)
        {
            faults.Add(entry.Key, "A label says what turned out to be true; only a plain event has fields that are computed.");
            return null;
        }

        if (draft.Given.Exists(given => given.Name == entry.Name))
        {
            faults.Add(entry.Key, $"'{draft.Name}' has a field {entry.Key.Words} already, a label's; expected another name.");
            return null;
        }

        var compiled = reader.RequiredText(Key, "an expression over the fields that are sent") is { } text
            ? ExpressionReader.Read(text, scope, ExpressionType.None, faults)
            : null;
        if (reader.RequiredText("type", FieldTypes.Expected) is not { } named || compiled is null)
        {
            return null;
        }

        if (!FieldTypes.TryParse(named.Text, out var type, out var scale) || type == FieldType.Timestamp)
        {
            faults.Add(named, $"Found {named.Words} as the type of a computed field; expected {FieldTypes.Expected}, but for timestamp.{FieldTypes.Hint(named.Text)}");
            return null;
        }

        var gives = type switch { FieldType.String => ExpressionType.Text, FieldType.Boolean => ExpressionType.Boolean, _ => ExpressionType.Number };
        if (compiled.Type != gives)
        {
            faults.Add(named, $"The expression does not give {named.Words}; expected another type or another expression.");
            return null;
        }

        return new() { Name = entry.Name, Type = type, Scale = scale, Required = false, Expression = compiled };
    }
}
