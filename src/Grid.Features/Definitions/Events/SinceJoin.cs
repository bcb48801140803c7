using Grid.Features.Definitions.Yaml;
using Grid.Features.Naming;
using Grid.Features.Plans;

namespace Grid.Features.Definitions.Events;

/// <summary>
/// Joins measured fields to the events they are measured from: <c>kitchen: { seconds_since: order_placed, within: 6h, by: order_id }</c>.
/// </summary>
internal sealed class SinceJoin(List<EventDraft> drafts, DiagnosticList faults)
{
    /// <summary>The key that marks a measured field.</summary>
    public const string Key = "seconds_since";

    /// <summary>Milliseconds are the third decimal place of seconds.</summary>
    private const int Scale = 3;

    private static readonly string[] Keys = [Key, "within", "by"];

    /// <summary>Adds the measured fields of an event.</summary>
    public void Join(EventDraft draft)
    {
        foreach (var entry in draft.Measures)
        {
            var since = Read(draft, entry, new((YamlMap)entry.Value, faults));

            // A field with a diagnostic has no type, but its name is still known.
            draft.Measured.Add(new()
            {
                Name = entry.Name,
                Type = since is null ? FieldType.None : FieldType.Decimal,
                Scale = Scale,
                Required = false,
                Since = since ?? new(draft.Ordinal, -1, -1, 0),
            });
        }
    }

    private SincePlan? Read(EventDraft draft, YamlEntry entry, MapReader reader)
    {
        reader.Only(Keys);
        var within = reader.Duration("within");
        if (reader.Text(Key, "the name of an earlier event") is not { } name || (reader.Map["within"] is not null && within is null))
        {
            return null;
        }

        if (draft.IsLabel)
        {
            faults.Add(entry.Key, "A label says what turned out to be true; only a plain event is measured from another.");
            return null;
        }

        if (draft.Given.Exists(given => given.Name == entry.Name))
        {
            faults.Add(entry.Key, $"'{draft.Name}' has a field {entry.Key.Words} already, a label's; expected another name.");
            return null;
        }

        if (Start(draft, name) is not { IsBroken: false } start)
        {
            return null;
        }

        var by = reader.Text("by", "the name of a string field that both events have");
        var field = by?.Text ?? (start.Reader.Map["id"] as YamlText)?.Text;
        if (field is null || (reader.Map["by"] is not null && by is null))
        {
            return null;
        }

        var (startSlot, slot) = (SlotOf(start, field, by ?? name), SlotOf(draft, field, by ?? name));
        return startSlot is { } from && slot is { } to ? new(start.Ordinal, from, to, within ?? Durations.Day) : null;
    }

    private EventDraft? Start(EventDraft draft, YamlText name)
    {
        var start = drafts.Find(known => known.Name == name.Text);
        if (start is null)
        {
            var others = drafts.Where(known => !known.IsLabel && known != draft).Select(known => known.Name);
            faults.Add(name, $"There is no event {name.Words}.{NearNames.Hint(name.Text, others)}");
            return null;
        }

        if (start == draft || start.IsLabel)
        {
            faults.Add(name, $"{name.Words} is {(start == draft ? "this event itself" : "a label")}; expected a plain event that comes before it.");
            return null;
        }

        return start;
    }

    private int? SlotOf(EventDraft draft, string field, YamlText at)
    {
        var slot = draft.SlotOf(field);
        if (slot >= 0 && draft.Sent[slot].Plan.Type is FieldType.String or FieldType.None)
        {
            return draft.Sent[slot].Plan.Type == FieldType.String ? slot : null;
        }

        var texts = draft.Sent.Where(sent => sent.Plan.Type == FieldType.String).Select(sent => sent.Plan.Name);
        faults.Add(at, $"'{draft.Name}' has no string field '{field}' to be matched by.{NearNames.Hint(field, texts)}");
        return null;
    }
}
