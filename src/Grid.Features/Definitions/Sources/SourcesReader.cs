using Grid.Features.Definitions.Yaml;
using Grid.Features.Naming;
using Grid.Features.Plans;

namespace Grid.Features.Definitions.Sources;

/// <summary>Reads the mappings of third-party files to events.</summary>
internal sealed class SourcesReader(IReadOnlyList<EventPlan> events, DiagnosticList faults)
{
    private static readonly string[] SourceKeys = ["format", "order", "times", "zone", "events"];
    private static readonly string[] TimeKeys = ["unit", "from"];
    private static readonly string[] Orders = ["time", "any"];
    private static readonly string[] EventKeys = ["event", "columns", "when", "after"];
    private static readonly string[] Formats = ["csv"];

    public IReadOnlyList<SourcePlan> Read(YamlMap sources) => [.. sources.Entries.Select(Source).OfType<SourcePlan>()];

    private SourcePlan? Source(YamlEntry entry)
    {
        Names.Check(entry.Key, faults);
        if (entry.Value is not YamlMap map)
        {
            faults.Add(entry.Value, $"Found {entry.Value.Words}; a source is a mapping with the keys {string.Join(", ", SourceKeys)}.");
            return null;
        }

        var reader = new MapReader(map, faults);
        reader.Only(SourceKeys);
        if (reader.RequiredText("format", "csv") is { } format && !Formats.Contains(format.Text))
        {
            faults.Add(format, $"Expected csv, found {format.Words}.");
        }

        var order = reader.Text("order", "time or any");
        if (order is not null && !Orders.Contains(order.Text))
        {
            faults.Add(order, $"Expected time (rows stand in the order of time) or any, found {order.Words}.");
        }

        var times = Times(reader);
        var zone = Zone(reader);
        const string Expected = "a list of the events that a row becomes, each { event:, columns: }";
        reader.Require("events", Expected);
        var list = reader.List("events", Expected);
        if (list is { Items: [] })
        {
            faults.Add(list, $"No row becomes anything; expected {Expected}.");
        }

        return new(entry.Name, [.. (list?.Items ?? []).Select(Event).OfType<SourceEvent>()], times, order?.Text == "any", zone);
    }

    private TimeZoneInfo? Zone(MapReader source)
    {
        const string Expected = "the name of a time zone, such as Europe/Berlin";
        if (source.Text("zone", Expected) is not { } name)
        {
            return null;
        }

        if (source.Map["times"] is not null)
        {
            faults.Add(name, "Times that are counted from a moment ('times') have no time zone; leave one of the two out.");
        }
        else if (!TimeZoneInfo.TryFindSystemTimeZoneById(name.Text, out var zone))
        {
            faults.Add(name, $"Found {name.Words}, which the time zone data of this machine do not have; expected {Expected}.");
        }
        else
        {
            return zone;
        }

        return null;
    }

    private SourceTimes? Times(MapReader source)
    {
        const string Expected = "how numbers count time, such as { unit: 1s, from: 2015-02-01T00:00:00Z }";
        if (source.Section("times", Expected) is not { } section)
        {
            return null;
        }

        var reader = new MapReader(section, faults);
        reader.Only(TimeKeys);
        reader.Require("unit", "a length of time such as 1s");
        var unit = reader.Duration("unit");
        if (reader.RequiredText("from", "the moment that 0 stands for, such as 2015-02-01T00:00:00Z") is not { } text)
        {
            return null;
        }

        if (!EventTime.TryParse(text.Text, out var from))
        {
            faults.Add(text, $"Expected a moment such as 2015-02-01T00:00:00Z, found {text.Words}.");
            return null;
        }

        return unit is { } milliseconds ? new(milliseconds, from) : null;
    }

    private SourceEvent? Event(YamlValue item)
    {
        if (item is not YamlMap map)
        {
            faults.Add(item, $"Expected a mapping with the keys {string.Join(", ", EventKeys)}, found {item.Words}.");
            return null;
        }

        var reader = new MapReader(map, faults);
        reader.Only(EventKeys);
        var after = reader.Duration("after") ?? 0;
        var when = When(reader);
        const string Expected = "a mapping of fields to columns of the file, such as { amount: AMOUNT }";
        reader.Require("columns", Expected);
        var section = reader.Section("columns", Expected);
        if (reader.RequiredText("event", "the name of an event") is not { } name || section is null)
        {
            return null;
        }

        if (events.FirstOrDefault(known => known.Name == name.Text) is not { } plan)
        {
            faults.Add(name, $"There is no event {name.Words}.{NearNames.Hint(name.Text, events.Select(known => known.Name))}");
            return null;
        }

        return plan.Fields.Count == 0 ? null : new(plan, Columns(section, plan), when, after);
    }

    private SourceCondition? When(MapReader reader)
    {
        const string Expected = "one column and what it must hold, such as { KIND: payment }";
        if (reader.Section("when", Expected) is not { } when)
        {
            return null;
        }

        if (when.Entries is [{ Value: YamlText must } only])
        {
            return new(only.Name, must.Text);
        }

        faults.Add(when, $"Expected {Expected}, found {when.Entries.Count} keys.");
        return null;
    }

    private List<SourceColumn> Columns(YamlMap section, EventPlan plan)
    {
        var columns = new List<SourceColumn>();
        foreach (var entry in section.Entries)
        {
            if (Slot(entry.Key, plan) is not { } slot)
            {
                continue;
            }

            if (entry.Value is YamlText { IsEmpty: false } column)
            {
                columns.Add(new(slot, column.Text));
            }
            else
            {
                faults.Add(entry.Value, $"Expected the name of a column of the file, found {entry.Value.Words}.");
            }
        }

        // The rows of a file are past events, so the time must be mapped and cannot default to the time of receipt.
        for (var slot = 0; slot < plan.Fields.Count; slot++)
        {
            var field = plan.Fields[slot];
            if (field.Type != FieldType.None && (field.Required || slot == plan.TimeSlot) && section[field.Name] is null)
            {
                faults.Add(section, $"No column is given for '{field.Name}', which '{plan.Name}' needs; add '{field.Name}: <its column>'.");
            }
        }

        return columns;
    }

    private int? Slot(YamlText key, EventPlan plan)
    {
        for (var slot = 0; slot < plan.Fields.Count; slot++)
        {
            if (plan.Fields[slot].Name != key.Text)
            {
                continue;
            }

            if (plan.Fields[slot].IsLabel)
            {
                faults.Add(key, $"{key.Words} is filled in by a label; give its column to the label's event.");
                return null;
            }

            if (plan.Fields[slot].Since is not null)
            {
                faults.Add(key, $"{key.Words} is measured from an earlier event; leave it out.");
                return null;
            }

            if (plan.Fields[slot].Expression is not null)
            {
                faults.Add(key, $"{key.Words} is computed from other fields; leave it out.");
                return null;
            }

            return slot;
        }

        var sent = plan.Fields.Where(field => field.IsSent).Select(field => field.Name);
        faults.Add(key, $"'{plan.Name}' has no field {key.Words}.{NearNames.Hint(key.Text, sent)}");
        return null;
    }
}
