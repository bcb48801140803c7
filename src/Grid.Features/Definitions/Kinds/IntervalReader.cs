using Grid.Features.Definitions.Yaml;
using Grid.Features.Expressions;
using Grid.Features.Naming;
using Grid.Features.Plans;

namespace Grid.Features.Definitions.Kinds;

/// <summary>How far back a feature reads, in milliseconds.</summary>
internal readonly record struct SpanReach(long Window, long Delay);

/// <summary>The spans that a feature counts, and the column of their starts.</summary>
internal sealed record ReadSpan(SpanPlan Plan, int Column, string Words);

/// <summary>
/// Reads the starts and ends that a feature counts: <c>open: order_placed, until: [order_delivered]</c>, or <c>latest: courier_status, by:
/// courier</c>, where the next event with the same key ends the previous one.
/// </summary>
internal sealed class IntervalReader(AggregationSource sources, TimelineSet timelines, DiagnosticList faults)
{
    private const string ExpectedBy = "the name of a string field that starts and ends have in common";

    /// <summary>Reads the span; null (with a diagnostic) if it is invalid.</summary>
    public ReadSpan? Read(AggregationShape shape, EventPlan starts, CompiledExpression? where, SpanReach reach, MapReader reader)
    {
        var isLatest = shape.Aggregation == Aggregation.Latest;
        if (isLatest ? reader.RequiredText("by", ExpectedBy) is null : reader.Map["by"] is not null && reader.Text("by", ExpectedBy) is null)
        {
            return null;
        }

        var by = reader.Text("by", ExpectedBy);
        var id = starts.IdSlot < 0 ? null : starts.Fields[starts.IdSlot].Name;
        var name = by?.Text ?? id;
        if (name is null || SlotOf(starts, name, by ?? (YamlValue)reader.Map) is not { } slot)
        {
            return null;
        }

        // An id identifies one thing, so its end counts even if clocks differ. For any other field, the next thing with the same value may
        // follow at once.
        var slack = name == id ? Durations.Day : 0;
        var timeline = timelines.Of(starts);
        var column = timeline.HashColumn(slot, where);
        var ends = isLatest ? [new SpanEnd(timeline.Ordinal, timeline.HashColumn(slot, null))] : new List<SpanEnd>();
        if (Until(starts, isLatest, reader) is not { } until)
        {
            return null;
        }

        foreach (var (text, plan) in until)
        {
            if (SlotOf(plan, name, text) is not { } endSlot)
            {
                return null;
            }

            var end = timelines.Of(plan);
            end.Reach(reach.Window, reach.Delay + slack);
            ends.Add(new(end.Ordinal, end.HashColumn(endSlot, null)));
        }

        var words = until.Count == 0 ? "" : $" until {string.Join(" or ", until.Select(end => end.Plan.Name))}";
        return new(new(ends, slack), column, $"{words} by {name}");
    }

    private List<(YamlText Text, EventPlan Plan)>? Until(EventPlan starts, bool isLatest, MapReader reader)
    {
        const string Expected = "an event, or a list of events, that ends it";
        if (!isLatest)
        {
            reader.Require("until", Expected);
        }

        var texts = reader.Map["until"] switch
        {
            null => [],
            YamlText { IsEmpty: false } one => [one],
            YamlList { Items: [_, ..] items } => items.OfType<YamlText>().Where(item => !item.IsEmpty).ToList(),
            _ => [],
        };
        var given = reader.Map["until"] is YamlList list ? list.Items.Count : 1;
        if (reader.Map["until"] is { } value && (texts.Count == 0 || texts.Count != given))
        {
            faults.Add(value, $"Expected {Expected}, found {value.Words}.");
            return null;
        }

        var until = new List<(YamlText, EventPlan)>();
        foreach (var text in texts)
        {
            if (sources.Event(text, text.Text) is not { } plan)
            {
                return null;
            }

            if (plan == starts || until.Exists(known => known.Item2 == plan))
            {
                var why = plan != starts ? "is named twice" : isLatest ? "ends itself as it is: the next one takes the place of the one before"
                    : "is what starts it; expected 'latest' where each event replaces the one before";
                faults.Add(text, $"'{text.Text}' {why}.");
                return null;
            }

            until.Add((text, plan));
        }

        return texts.Count == 0 && !isLatest ? null : until;
    }

    private int? SlotOf(EventPlan plan, string name, YamlValue at)
    {
        for (var slot = 0; slot < plan.Fields.Count; slot++)
        {
            var field = plan.Fields[slot];
            if (field.Name == name && field.Type is FieldType.String or FieldType.None && field.IsSent)
            {
                return field.Type == FieldType.None ? null : slot;
            }
        }

        var texts = plan.Fields.Where(field => field is { Type: FieldType.String, IsSent: true }).Select(field => field.Name);
        faults.Add(at, $"'{plan.Name}' has no string field '{name}' to be matched by.{NearNames.Hint(name, texts)}");
        return null;
    }
}
