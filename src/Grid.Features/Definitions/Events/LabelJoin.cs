using Grid.Features.Definitions.Yaml;
using Grid.Features.Naming;
using Grid.Features.Plans;

namespace Grid.Features.Definitions.Events;

/// <summary>Joins labels to the events they label: every field of a label except its id and time becomes a field of the event.</summary>
internal sealed class LabelJoin(List<EventDraft> drafts, DiagnosticList faults)
{
    /// <summary>Adds the fields of a label to the labelled event.</summary>
    public void Join(EventDraft label)
    {
        if (label.Labels is not { } name || Target(name) is not { IsBroken: false } target)
        {
            return;
        }

        var id = IdOf(target);
        if (id is not null && label.SlotOf(id) < 0)
        {
            faults.Add(label.Key, $"The label has no field '{id}', the id of what it labels; add '{id}: string' to its fields.");
        }

        var time = (label.Reader.Map["time"] as YamlText)?.Text;
        var slots = new List<(int From, int To)>();
        var says = false;
        for (var from = 0; from < label.Sent.Count; from++)
        {
            var (key, field) = label.Sent[from];
            // If the target's id has a diagnostic, the label's id field is unknown.
            var isId = id is null ? target.SlotOf(field.Name) >= 0 : field.Name == id;
            says |= !isId && field.Name != time;
            if (!isId && field.Name != time && Give(key, field, target))
            {
                slots.Add((from, target.Sent.Count + target.Given.Count - 1));
            }
        }

        if (!says)
        {
            faults.Add(label.Key, "The label says nothing but which event it amends; give it a field for what turned out to be true.");
        }

        label.Label = new(target.Ordinal, slots);
    }

    /// <summary>The slot of a label that contains the id of the labelled event; -1 if that has a diagnostic.</summary>
    public int IdSlotOf(EventDraft label)
    {
        var target = label.Label is { } joined ? drafts[joined.Target] : null;
        if (target is null || IdOf(target) is not { } id)
        {
            return -1;
        }

        var slot = label.SlotOf(id);
        if (slot >= 0 && label.Sent[slot].Plan.Type is not (FieldType.String or FieldType.None))
        {
            faults.Add(label.Sent[slot].Key, "It is the id of what the label amends; declare it as a string.");
        }

        return slot;
    }

    // Reports a misspelt name and uses the most likely match, so that references to the label's fields resolve.
    private EventDraft? Target(YamlText name)
    {
        var plain = drafts.Where(draft => !draft.IsLabel).Select(draft => draft.Name).ToList();
        var target = drafts.Find(draft => draft.Name == name.Text);
        if (target is null)
        {
            faults.Add(name, $"There is no event {name.Words}.{NearNames.Hint(name.Text, plain)}");
            return NearNames.Of(name.Text, plain) is [var near, ..] ? drafts.Find(draft => draft.Name == near) : null;
        }

        if (target.IsLabel)
        {
            faults.Add(name, $"{name.Words} is a label itself; a label amends a plain event.");
            return null;
        }

        return target;
    }

    // The name of an event's id field; null if it is not a string (reported elsewhere).
    private static string? IdOf(EventDraft draft)
    {
        var name = (draft.Reader.Map["id"] as YamlText)?.Text ?? "";
        var slot = draft.SlotOf(name);
        return slot >= 0 && draft.Sent[slot].Plan.Type == FieldType.String ? name : null;
    }

    private bool Give(YamlText key, FieldPlan field, EventDraft target)
    {
        if (target.SlotOf(field.Name) >= 0 || target.Given.Any(given => given.Name == field.Name))
        {
            faults.Add(key, $"'{target.Name}' has a field {key.Words} already, its own or another label's; expected another name.");
            return false;
        }

        target.Given.Add(new()
        {
            Name = field.Name,
            Type = field.Type,
            Scale = field.Scale,
            Required = false,
            Min = field.Min,
            Max = field.Max,
            IsLabel = true,
            Default = field.Default,
        });
        return true;
    }
}
