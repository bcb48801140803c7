using Grid.Decisions.Plans;
using Grid.Features.Plans;

namespace Grid.Decisions.Records;

/// <summary>
/// Maps records of one schema to the current bundle: event types, kinds and fields by name. Definitions that the bundle no longer has are
/// skipped; a field whose type changed reads as its default; a decimal with another scale is rescaled if that is exact.
/// </summary>
internal sealed class SchemaMap
{
    private readonly EventMap[] _events;

    public SchemaMap(JournalSchema schema, Bundle bundle)
    {
        Schema = schema;
        Kinds = [.. schema.Kinds.Select(name => bundle.Definitions.Kinds.FirstOrDefault(kind => kind.Name == name)?.Ordinal ?? -1)];
        Decisions = [.. schema.Decisions.Select(decided => bundle.Decisions.FirstOrDefault(plan => plan.Name == decided.Shape.Name)?.Ordinal ?? -1)];
        _events = [.. schema.Events.Select(shape => new EventMap(shape, bundle.Definitions.Events.FirstOrDefault(plan => plan.Name == shape.Name)))];
    }

    public JournalSchema Schema { get; }

    /// <summary>By kind of the schema: its index in the current bundle, or -1.</summary>
    public int[] Kinds { get; }

    /// <summary>By decision of the schema: its index in the current bundle, or -1.</summary>
    public int[] Decisions { get; }

    /// <summary>Fills a row of the current event type; false if the bundle no longer has it.</summary>
    public bool TryFill(EventShape shape, ReadOnlySpan<FieldSlot> slots, EventRow row)
    {
        foreach (var map in _events)
        {
            if (ReferenceEquals(map.Shape, shape))
            {
                return map.TryFill(slots, row);
            }
        }

        return false;
    }

    private sealed class EventMap
    {
        private readonly EventPlan? _plan;
        private readonly int[] _to;

        public EventMap(EventShape shape, EventPlan? plan)
        {
            Shape = shape;
            _plan = plan;
            _to = [.. shape.Fields.Select(field => plan is null ? -1 : SlotOf(plan, field))];
            if (plan is not null && (_to[shape.IdSlot] != plan.IdSlot || _to[shape.TimeSlot] != plan.TimeSlot))
            {
                _plan = null; // The name is the same, but the id or time field is not, so the event could not be found by id or time.
            }
        }

        public EventShape Shape { get; }

        public bool TryFill(ReadOnlySpan<FieldSlot> slots, EventRow row)
        {
            if (_plan is null)
            {
                return false;
            }

            row.Reset(_plan);
            for (var i = 0; i < _to.Length; i++)
            {
                if (_to[i] >= 0 && slots[i].IsPresent && TryConvert(slots[i], Shape.Fields[i], _plan.Fields[_to[i]], out var converted))
                {
                    row.Set(_to[i], converted);
                }
            }

            row.Seal();
            return true;
        }

        private static int SlotOf(EventPlan plan, FieldShape field)
        {
            for (var i = 0; i < plan.Fields.Count; i++)
            {
                if (plan.Fields[i].Name == field.Name && plan.Fields[i].Type == field.Type && plan.Fields[i].IsSent)
                {
                    return i;
                }
            }

            return -1;
        }

        private static bool TryConvert(FieldSlot slot, FieldShape from, FieldPlan to, out FieldSlot converted)
        {
            converted = slot;
            if (from.Type != FieldType.Decimal || from.Scale == to.Scale)
            {
                return true;
            }

            var exact = (decimal)slot.Bits / FixedPoint.Power(from.Scale);
            var fits = FixedPoint.TryScale(exact, to.Scale, out var scaled);
            converted = FieldSlot.OfBits(scaled);
            return fits;
        }
    }
}
