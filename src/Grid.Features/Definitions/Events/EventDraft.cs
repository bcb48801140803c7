using Grid.Features.Definitions.Yaml;
using Grid.Features.Naming;
using Grid.Features.Plans;

namespace Grid.Features.Definitions.Events;

/// <summary>An event type while it is read: its own fields, and those that labels add.</summary>
internal sealed class EventDraft(YamlEntry entry, int ordinal, MapReader reader)
{
    public YamlText Key => entry.Key;

    public string Name => entry.Name;

    public int Ordinal => ordinal;

    public MapReader Reader => reader;

    /// <summary>The name of the labelled event, as written; null if this is not a label.</summary>
    public YamlText? Labels { get; init; }

    public bool IsLabel => reader.Map["labels"] is not null;

    /// <summary>Whether the definition already has a diagnostic and only its name is used.</summary>
    public bool IsBroken { get; init; }

    /// <summary>The fields that callers send.</summary>
    public List<(YamlText Key, FieldPlan Plan)> Sent { get; } = [];

    /// <summary>The fields that labels set.</summary>
    public List<FieldPlan> Given { get; } = [];

    /// <summary>The fields measured from earlier events.</summary>
    public List<FieldPlan> Measured { get; } = [];

    /// <summary>The definitions of the measured fields, as written.</summary>
    public List<YamlEntry> Measures { get; } = [];

    /// <summary>The definitions of the computed fields, as written.</summary>
    public List<YamlEntry> Computed { get; } = [];

    public LabelPlan? Label { get; set; }

    public int SlotOf(string field) => Sent.FindIndex(sent => sent.Plan.Name == field);

    /// <summary>
    /// The slot of the field that a key of the event names; -1 (with a diagnostic) if there is no such field of the given type.
    /// </summary>
    public int SlotNamedBy(string key, FieldType type, DiagnosticList faults)
    {
        var expected = $"the name of a {(type == FieldType.String ? "string" : "timestamp")} field of this event";
        return reader.RequiredText(key, expected) is { } name ? SlotOf(name, type, faults) : -1;
    }

    /// <summary>The slot of a field of a given type; -1 (with a diagnostic) if there is none.</summary>
    public int SlotOf(YamlText name, FieldType type, DiagnosticList faults)
    {
        var slot = SlotOf(name.Text);
        if (slot < 0)
        {
            faults.Add(name, $"'{Name}' has no field {name.Words}.{NearNames.Hint(name.Text, Sent.Select(sent => sent.Plan.Name))}");
            return -1;
        }

        var found = Sent[slot].Plan.Type;
        if (found != type && found != FieldType.None)
        {
            faults.Add(
                name, $"The field {name.Words} is no {(type == FieldType.String ? "string" : "timestamp")}; declare it as one, or name "
                + "another.");
            return -1;
        }

        return slot;
    }
}
