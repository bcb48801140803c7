namespace Grid.Features.Definitions;

/// <summary>Reads a feature such as <c>{ mean: transaction.amount, window: 7d, delay: 7d, where: "amount > 1", empty: 0 }</c>.</summary>
internal sealed class AggregationReader(string kindName, int kind, IReadOnlyList<EventPlan> events, TimelineSet timelines, FaultList faults)
{
    private static readonly string[] Modifiers = ["window", "delay", "where", "empty"];
    private static readonly string[] Keys = [.. AggregationShape.All.Select(shape => shape.Name), "expr", .. Modifiers];

    /// <summary>The feature; null (told) where it is at fault.</summary>
    public FeaturePlan? Read(FeatureDraft feature, MapReader reader, int ordinal)
    {
        reader.Only(Keys);
        var (window, delay) = (reader.Duration("window"), reader.Duration("delay"));
        if (Shape(reader) is not { } shape || Source(shape, reader) is not { } source)
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
        var empty = Empty(isText, reader);
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
        var timeline = timelines.Of(plan);
        timeline.Reach(window ?? FeaturePlan.WholeHistory, delay ?? 0);
        return new()
        {
            Ordinal = ordinal,
            Name = feature.Name,
            FullName = feature.FullName,
            Definition = Words(shape, plan, field, window, delay, where, empty),
            Aggregation = shape.Aggregation,
            Timeline = timeline.Ordinal,
            Column = timeline.Column(slot, where, shape),
            WindowMilliseconds = window ?? FeaturePlan.WholeHistory,
            DelayMilliseconds = delay ?? 0,
            Empty = empty,
            IsText = isText,
        };
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
            // Where a key is unknown, that was told and is most likely the aggregation misspelt.
            faults.Add(reader.Map, $"It says not what is computed; one of {names}, or 'expr', would do.");
        }

        return null;
    }

    // The event that is read, and the slot of its field; Ones where no field is named. Null (told) where it is at fault.
    private (EventPlan Plan, int Slot)? Source(AggregationShape shape, MapReader reader)
    {
        var would = shape.Field == FieldUse.Refused ? "the name of an event" : "an event, or event.field,";
        if (reader.Text(shape.Name, would) is not { } text)
        {
            return null;
        }

        var dot = text.Text.IndexOf('.', StringComparison.Ordinal);
        var eventName = dot < 0 ? text.Text : text.Text[..dot];
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

        if (plan.Tells.All(tell => tell.Kind != kind))
        {
            faults.Add(
                text, $"'{eventName}' does not tell {kindName}; add '{kindName}: <the field that holds its key>' to the event's 'tells'.");
            return null;
        }

        return dot < 0 ? WithoutField(shape, plan, text) : WithField(shape, plan, text, dot + 1);
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

        if (shape.Field == FieldUse.Refused)
        {
            faults.Add(text, $"'{shape.Name}' takes an event without a field; '{plan.Name}' would do.");
            return null;
        }

        if (!shape.Takes.Contains(field.Type))
        {
            faults.Add(text, $"'{shape.Name}' does not take '{plan.Name}.{name}': {AggregationShape.WhyNot(field.Type)}.");
            return null;
        }

        return (plan, slot);
    }

    private Value? Empty(bool isText, MapReader reader)
    {
        if (reader.Text("empty", isText ? "a text" : "a number") is not { } text)
        {
            return null;
        }

        if (isText)
        {
            return Value.Of(text.Text);
        }

        if (text.Text is "true" or "false")
        {
            return Value.Of(text.Text == "true" ? 1 : 0);
        }

        if (FieldTypes.TryParseNumber(text.Text, out var number))
        {
            return Value.Of((double)number);
        }

        faults.Add(text, $"Found {text.Words}; a number would do.");
        return null;
    }

    private static string Words(
        AggregationShape shape, EventPlan plan, FieldPlan? field, long? window, long? delay, CompiledExpression? where, Value? empty)
    {
        var words = $"{shape.Words} {plan.Name}";
        words += field is null ? "" : $".{field.Name}";
        words += window is { } length ? $" over {Durations.ToText(length)}" : "";
        words += delay is { } back ? $", delayed {Durations.ToText(back)}" : "";
        words += where is null ? "" : $", where {where.Text}";
        return empty is { } value ? FormattableString.Invariant($"{words}, {value.Text ?? (object)value.Number} where empty") : words;
    }
}
