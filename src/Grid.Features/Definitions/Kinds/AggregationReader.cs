using System.Globalization;
using Grid.Features.Definitions.Yaml;
using Grid.Features.Expressions;
using Grid.Features.Plans;

namespace Grid.Features.Definitions.Kinds;

/// <summary>Reads a feature such as <c>{ mean: transaction.amount, window: 7d, delay: 7d, where: "amount > 1", empty: 0 }</c>.</summary>
internal sealed class AggregationReader(string kindName, int kind, IReadOnlyList<EventPlan> events, TimelineSet timelines, DiagnosticList faults)
{
    private static readonly string[] Modifiers = ["window", "delay", "where", "empty"];
    private static readonly string[] Keys = [.. AggregationShape.All.Select(shape => shape.Name), "expr", BatchReader.Key, .. Modifiers];
    private readonly AggregationSource _sources = new(kindName, kind, events, faults);

    /// <summary>Reads the feature; null (with a diagnostic) if it is invalid.</summary>
    public FeaturePlan? Read(FeatureDraft feature, MapReader reader, int ordinal)
    {
        var found = Shape(reader);
        reader.Only([.. Keys, .. found?.Keys ?? []]);
        var (window, delay) = (reader.Duration("window"), reader.Duration("delay"));
        if (found is not { } shape || _sources.Find(shape, reader) is not { } source)
        {
            return null;
        }

        var (plan, slot) = source;
        var field = slot < 0 ? null : plan.Fields[slot];
        var isText = shape.IsOfItsField && field!.Type == FieldType.String;
        var hasWhere = reader.Map["where"] is not null;
        var where = reader.Text("where", "a condition over the fields of the event") is { } text
            ? ExpressionReader.Read(text, new EventScope(plan), ExpressionType.Boolean, faults)
            : null;
        var empty = EmptyReader.Read(isText, reader, faults);
        if ((hasWhere && where is null) || (reader.Map["empty"] is not null && empty is null))
        {
            return null;
        }

        feature.Type = (shape.IsOfItsField ? field!.Type : FieldType.None) switch
        {
            FieldType.String => ExpressionType.Text,
            FieldType.Boolean => ExpressionType.Boolean,
            _ => ExpressionType.Number,
        };
        var decayed = shape.Decays ? DecayReader.Read(shape.Field == FieldUse.Needed ? field : null, window, reader, faults) : null;
        if (shape.Decays && decayed is null)
        {
            return null;
        }

        window = decayed?.Window ?? window;
        var timeline = timelines.Of(plan);
        timeline.Reach(window ?? FeaturePlan.WholeHistory, delay ?? 0);
        var reach = new SpanReach(window ?? FeaturePlan.WholeHistory, delay ?? 0);
        var span = shape.Spans ? new IntervalReader(_sources, timelines, faults).Read(shape, plan, where, reach, reader) : null;
        if (shape.Spans && span is null)
        {
            return null;
        }

        var quantile = shape.Aggregation == Aggregation.Quantile ? Quantile(reader) : 0;
        if (quantile is not { } billionths)
        {
            return null;
        }

        var more = shape.Aggregation == Aggregation.Quantile ? $" at {PartOf(billionths)}"
            : decayed is { HalfLife: var halfLife } ? $", half-life {Durations.ToText(halfLife)}," : span?.Words;
        var since = Since(timeline, field);
        return new()
        {
            QuantileBillionths = billionths,
            Ordinal = ordinal,
            Name = feature.Name,
            FullName = feature.FullName,
            Definition = Words(shape, plan, field, more, window, delay, where, empty),
            Aggregation = shape.Aggregation,
            Timeline = timeline.Ordinal,
            Column = span?.Column ?? (decayed is null ? timeline.Column(slot, where, shape, since) : Decayed(shape.Aggregation == Aggregation.DecayedCount)),
            WeightColumn = shape.Aggregation == Aggregation.DecayedMean ? Decayed(isWeight: true) : -1,
            Span = span?.Plan,
            WindowMilliseconds = window ?? FeaturePlan.WholeHistory,
            DelayMilliseconds = delay ?? 0,
            Empty = empty,
            IsText = isText,
            IsInteger = field?.Type == FieldType.Integer && shape.KeepsIntegers && (empty is not { } value || value.TryGetInteger(out _)),
        };

        int Decayed(bool isWeight) => timeline.DecayColumn(slot, where, new(decayed!.Value.HalfLife, isWeight), since);
    }

    private AggregationShape? Shape(MapReader reader)
    {
        var named = reader.Map.Entries.Where(entry => AggregationShape.Find(entry.Name) is not null).ToList();
        if (named is [var one])
        {
            return AggregationShape.Find(one.Name);
        }

        var names = string.Join(", ", AggregationShape.All.Select(shape => shape.Name));
        if (named is [_, var second, ..])
        {
            faults.Add(second.Key, $"Found {second.Key.Words} beside '{named[0].Name}'; a feature has one of {names}.");
        }
        else if (!reader.Map.Entries.Any(entry => !Keys.Contains(entry.Name)))
        {
            // An unknown key is most likely a misspelt aggregation, and already has a diagnostic.
            faults.Add(reader.Map, $"The feature has no aggregation; expected one of {names}, 'expr' or 'batch'.");
        }

        return null;
    }

    // Requires a timeline of the events that the field is measured from, with sufficient retention.
    private SinceColumn? Since(TimelineDraft timeline, FieldPlan? field)
    {
        if (field?.Since is not { } since)
        {
            return null;
        }

        var starts = timelines.Of(events[since.Start]);
        timelines.KeepLonger(starts, timeline, since.WithinMilliseconds);
        return new(new(starts.Ordinal, starts.HashColumn(since.StartSlot, null)), timeline.HashColumn(since.Slot, null), since.WithinMilliseconds);
    }

    private int? Quantile(MapReader reader)
    {
        const string Expected = "a part from 0 to 1 with at most nine decimal places, such as 0.9";
        if (reader.RequiredText("q", Expected) is not { } text)
        {
            return null;
        }

        if (FieldTypes.TryParseNumber(text.Text, out var part) && part is >= 0 and <= 1 && FixedPoint.TryScale(part, 9, out var billionths))
        {
            return (int)billionths;
        }

        faults.Add(text, $"Expected {Expected}, found {text.Words}.");
        return null;
    }

    private static string PartOf(int billionths) => (billionths / (decimal)FeaturePlan.Billion).ToString("0.#########", CultureInfo.InvariantCulture);

    private static string Words(
        AggregationShape shape, EventPlan plan, FieldPlan? field, string? more, long? window, long? delay, CompiledExpression? where, Value? empty)
    {
        var words = $"{shape.Words} {plan.Name}";
        words += field is null ? "" : $".{field.Name}";
        words += more;
        words += window is { } length ? $" over {Durations.ToText(length)}" : "";
        words += delay is { } back ? $", delayed {Durations.ToText(back)}" : "";
        words += where is null ? "" : $", where {where.Text}";
        return words + EmptyReader.Words(empty);
    }
}
