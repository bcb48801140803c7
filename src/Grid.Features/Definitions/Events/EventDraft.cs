using Grid.Features.Definitions.Yaml;
using Grid.Features.Naming;
using Grid.Features.Plans;

namespace Grid.Features.Definitions.Events;

/// <summary>An event type while it is read: its own fields, and those that labels give it.</summary>
internal sealed class EventDraft(YamlEntry entry, int ordinal, MapReader reader)
{
    public YamlText Key => entry.Key;

    public string Name => entry.Name;

    public int Ordinal => ordinal;

    public MapReader Reader => reader;

    /// <summary>The name of the event that it labels, as written; null of a plain event.</summary>
    public YamlText? Labels { get; init; }

    public bool IsLabel => reader.Map["labels"] is not null;

    /// <summary>Told already to be no event at all; only its name counts.</summary>
    public bool IsBroken { get; init; }

    /// <summary>What callers send.</summary>
    public List<(YamlText Key, FieldPlan Plan)> Sent { get; } = [];

    /// <summary>What labels fill in.</summary>
    public List<FieldPlan> Given { get; } = [];

    /// <summary>What is measured from earlier events.</summary>
    public List<FieldPlan> Measured { get; } = [];

    /// <summary>The definitions of these, as written.</summary>
    public List<YamlEntry> Measures { get; } = [];

    /// <summary>What is computed from the fields that are sent, as written.</summary>
    public List<YamlEntry> Computed { get; } = [];

    public LabelPlan? Label { get; set; }

    public int SlotOf(string field) => Sent.FindIndex(sent => sent.Plan.Name == field);

    /// <summary>The slot that a key of the event names; -1 (told) where it names none of that type.</summary>
    public int SlotNamedBy(string key, FieldType type, DiagnosticList faults)
    {
        var expected = $"the name of a {(type == FieldType.String ? "string" : "timestamp")} field of this event";
        return reader.RequiredText(key, expected) is { } name ? SlotOf(name, type, faults) : -1;
    }

    /// <summary>The slot of a field that must have a type; -1 (told) where there is none.</summary>
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
