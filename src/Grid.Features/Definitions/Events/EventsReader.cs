using Grid.Features.Definitions.Yaml;
using Grid.Features.Naming;
using Grid.Features.Plans;

namespace Grid.Features.Definitions.Events;

/// <summary>
/// Reads the events of a bundle: first the fields of every event, then those that labels add, then the keys of each event.
/// </summary>
internal sealed class EventsReader(DiagnosticList faults)
{
    private static readonly string[] PlainKeys = ["id", "time", "fields", "keys"];
    private static readonly string[] LabelKeys = ["labels", "time", "fields"];
    private readonly List<EventDraft> _drafts = [];

    /// <param name="events">The section.</param>
    /// <param name="kinds">Names of the kinds, in order.</param>
    public IReadOnlyList<EventPlan> Read(YamlMap events, IReadOnlyList<string> kinds)
    {
        foreach (var entry in events.Entries)
        {
            _drafts.Add(Draft(entry));
        }

        var labels = new LabelJoin(_drafts, faults);
        foreach (var label in _drafts.Where(draft => draft.IsLabel))
        {
            labels.Join(label);
        }

        var measures = new SinceJoin(_drafts, faults);
        foreach (var draft in _drafts)
        {
            measures.Join(draft);
        }

        return [.. _drafts.Select(draft => Plan(draft, labels, kinds))];
    }

    private EventDraft Draft(YamlEntry entry)
    {
        Names.Check(entry.Key, faults);
        if (entry.Value is not YamlMap map)
        {
            faults.Add(entry.Value, $"Found {entry.Value.Words}; an event is a mapping with the keys {string.Join(", ", PlainKeys)}.");
            return new(entry, _drafts.Count, new(new(entry.Value.Mark, entry.Value.Path, []), faults)) { IsBroken = true };
        }

        var reader = new MapReader(map, faults);
        var isLabel = map["labels"] is not null;
        reader.Only(isLabel ? LabelKeys : PlainKeys);
        var draft = new EventDraft(entry, _drafts.Count, reader) { Labels = reader.Text("labels", "the name of the event that it amends") };
        reader.Require("fields", "a mapping of field names to types");
        foreach (var field in reader.Section("fields", "a mapping of field names to types")?.Entries ?? [])
        {
            Names.Check(field.Key, faults);
            if (field.Value is YamlMap measure && measure[SinceJoin.Key] is not null)
            {
                draft.Measures.Add(field);
                continue;
            }

            if (field.Value is YamlMap computed && computed[ComputedReader.Key] is not null)
            {
                draft.Computed.Add(field);
                continue;
            }

            draft.Sent.Add((field.Key, FieldReader.Read(field, isLabel, faults)));
        }

        return draft;
    }

    private EventPlan Plan(EventDraft draft, LabelJoin labels, IReadOnlyList<string> kinds)
    {
        if (draft.IsBroken)
        {
            return new() { Ordinal = draft.Ordinal, Name = draft.Name, Fields = [], IdSlot = -1, TimeSlot = -1, Keys = [] };
        }

        var timeSlot = draft.SlotNamedBy("time", FieldType.Timestamp, faults);
        var idSlot = draft.IsLabel ? labels.IdSlotOf(draft) : draft.SlotNamedBy("id", FieldType.String, faults);
        var fields = draft.Sent.Select((sent, slot) => Sent(draft, sent.Key, sent.Plan, slot, idSlot, timeSlot)).ToList();
        return new()
        {
            Ordinal = draft.Ordinal,
            Name = draft.Name,
            Fields = [.. fields, .. draft.Given, .. draft.Measured, .. ComputedReader.Read(draft, fields, faults)],
            IdSlot = idSlot,
            TimeSlot = timeSlot,
            Keys = draft.IsLabel ? [] : Keys(draft, kinds),
            Label = draft.Label,
        };
    }

    // The id is required; if the time is not sent, the time of receipt is used.
    private FieldPlan Sent(EventDraft draft, YamlText key, FieldPlan field, int slot, int idSlot, int timeSlot)
    {
        if ((slot == idSlot || slot == timeSlot) && field.Default.IsPresent)
        {
            faults.Add(key, $"The {(slot == idSlot ? "id" : "time")} of an event has no default; leave it out.");
        }

        if (slot == idSlot && !field.Required && !field.Default.IsPresent)
        {
            faults.Add(key, "The id of an event must be sent with it; leave 'optional' out.");
        }

        return new()
        {
            Name = field.Name,
            Type = field.Type,
            Scale = field.Scale,
            Required = field.Required && slot != timeSlot,
            Min = field.Min,
            Max = field.Max,
            Default = draft.IsLabel ? default : field.Default,
        };
    }

    private List<KeyPlan> Keys(EventDraft draft, IReadOnlyList<string> kinds)
    {
        const string Expected = "a mapping of kinds to the fields that hold their keys, such as { card: card }";
        draft.Reader.Require("keys", Expected);
        var keys = new List<KeyPlan>();
        var section = draft.Reader.Section("keys", Expected);
        if (section is { Entries: [] })
        {
            faults.Add(section, $"The event has no keys; expected {Expected}.");
        }

        // A plan with a diagnostic is never used. Assuming keys of every kind keeps one mistake from being reported many times.
        if (section is not { Entries: [_, ..] })
        {
            return [.. kinds.Select((_, kind) => new KeyPlan(kind, -1))];
        }

        foreach (var entry in section.Entries)
        {
            if (Key(draft, entry, kinds) is { } plan && keys.TrueForAll(other => other.Kind != plan.Kind))
            {
                keys.Add(plan);
            }
        }

        return keys;
    }

    private KeyPlan? Key(EventDraft draft, YamlEntry entry, IReadOnlyList<string> kinds)
    {
        var kind = IndexOf(kinds, entry.Name);
        if (kind < 0)
        {
            faults.Add(entry.Key, $"There is no kind {entry.Key.Words} under 'entities'.{NearNames.Hint(entry.Name, kinds)}");
            kind = NearNames.Of(entry.Name, kinds) is [var near, ..] ? IndexOf(kinds, near) : -1;
        }

        if (entry.Value is not YamlText { IsEmpty: false } field)
        {
            faults.Add(entry.Value, $"Expected the name of the field that holds the key, found {entry.Value.Words}.");
            return kind < 0 ? null : new(kind, -1);
        }

        var slot = draft.SlotOf(field, FieldType.String, faults);
        if (slot >= 0 && !draft.Sent[slot].Plan.Required)
        {
            faults.Add(field, $"The field {field.Words} is a key, so it must be sent; leave its 'optional' and 'default' out.");
        }

        return kind < 0 ? null : new(kind, slot);
    }

    private static int IndexOf(IReadOnlyList<string> names, string name)
    {
        for (var i = 0; i < names.Count; i++)
        {
            if (names[i] == name)
            {
                return i;
            }
        }

        return -1;
    }
}
