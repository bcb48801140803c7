using Grid.Features.Definitions.Yaml;
using Grid.Features.Naming;
using Grid.Features.Plans;

namespace Grid.Features.Definitions.Kinds;

/// <summary>Resolves the input of an aggregation: an event with a key of the kind, and a field of it.</summary>
internal sealed class AggregationSource(string kindName, int kind, IReadOnlyList<EventPlan> events, DiagnosticList faults)
{
    /// <summary>
    /// The event, and the slot of its field or <see cref="ColumnPlan.Ones"/> if no field is named. Null (with a diagnostic) if it is
    /// invalid.
    /// </summary>
    public (EventPlan Plan, int Slot)? Find(AggregationShape shape, MapReader reader)
    {
        var expected = shape.Field == FieldUse.Refused ? "the name of an event" : "an event, or event.field,";
        if (reader.Text(shape.Name, expected) is not { } text)
        {
            return null;
        }

        var dot = text.Text.IndexOf('.', StringComparison.Ordinal);
        var eventName = dot < 0 ? text.Text : text.Text[..dot];
        if (Event(text, eventName) is not { } plan)
        {
            return null;
        }

        return dot < 0 ? WithoutField(shape, plan, text) : WithField(shape, plan, text, dot + 1);
    }

    /// <summary>An event with a key of the kind; null (with a diagnostic) if there is none.</summary>
    public EventPlan? Event(YamlText text, string eventName)
    {
        if (events.FirstOrDefault(known => known.Name == eventName) is not { } plan)
        {
            var heard = events.Where(known => known.Label is null).Select(known => known.Name);
            faults.Add(text, $"There is no event {YamlText.Quote(eventName)}.{NearNames.Hint(eventName, heard)}");
            return null;
        }

        if (plan.Fields.Count == 0)
        {
            return null;
        }

        if (plan.Label is { } label)
        {
            var target = events[label.Target].Name;
            faults.Add(text, $"'{eventName}' is a label of '{target}'; read what it fills in as a field of '{target}'.");
            return null;
        }

        if (plan.Keys.All(key => key.Kind != kind))
        {
            faults.Add(
                text, $"'{eventName}' has no key of kind {kindName}; add '{kindName}: <the field that holds its key>' to the event's 'keys'.");
            return null;
        }

        return plan;
    }

    private (EventPlan Plan, int Slot)? WithoutField(AggregationShape shape, EventPlan plan, YamlText text)
    {
        if (shape.Field != FieldUse.Needed)
        {
            return (plan, ColumnPlan.Ones);
        }

        var fit = plan.Fields.Where(field => shape.Takes.Contains(field.Type)).Select(field => $"{plan.Name}.{field.Name}");
        faults.Add(text, $"'{shape.Name}' needs a field of '{plan.Name}'.{NearNames.Hint(text.Text, fit)}");
        return null;
    }

    private (EventPlan Plan, int Slot)? WithField(AggregationShape shape, EventPlan plan, YamlText text, int at)
    {
        var name = text.Text[at..];
        var slot = -1;
        for (var i = 0; i < plan.Fields.Count; i++)
        {
            slot = plan.Fields[i].Name == name ? i : slot;
        }

        if (slot < 0)
        {
            faults.Add(
                text.MarkOf(at), text.Path, $"'{plan.Name}' has no field "
                + $"{YamlText.Quote(name)}.{NearNames.Hint(name, plan.Fields.Select(field => field.Name))}");
            return null;
        }

        var field = plan.Fields[slot];
        if (field.Type == FieldType.None)
        {
            return null;
        }

        if (field.Since is { } since && events[since.Start].Keys.All(key => key.Kind != kind))
        {
            faults.Add(
                text, $"'{plan.Name}.{name}' is measured from '{events[since.Start].Name}', which has no key of kind {kindName}; add '{kindName}: "
                + "<the field that holds its key>' to that event's 'keys'.");
            return null;
        }

        if (shape.Field == FieldUse.Refused)
        {
            faults.Add(text, $"'{shape.Name}' takes an event without a field; expected '{plan.Name}'.");
            return null;
        }

        if (!shape.Takes.Contains(field.Type))
        {
            faults.Add(text, $"'{shape.Name}' does not take '{plan.Name}.{name}': {AggregationShape.WhyNot(field.Type)}.");
            return null;
        }

        return (plan, slot);
    }
}
