using System.Diagnostics.CodeAnalysis;
using Grid.Features.Plans;

namespace Grid.Features.Rows;

/// <summary>Validates an event sent by a caller against its type, and fills a row with it. Labels are validated in the same way.</summary>
internal static class RowReader
{
    /// <summary>Reads an event. Allocates only if there is a validation error.</summary>
    /// <param name="given">The event; fields in any order, fastest in the order of the plan.</param>
    /// <param name="plan">The event's type.</param>
    /// <param name="now">The event time if the caller sent none.</param>
    /// <param name="latest">The latest event time allowed; other timestamps may be up to the year 9999.</param>
    /// <param name="row">Filled and sealed on success; undefined otherwise.</param>
    /// <param name="fault">The validation error of the first invalid field.</param>
    public static bool TryRead(
        Event given, EventPlan plan, EventTime now, EventTime latest, EventRow row, [NotNullWhen(false)] out ValidationError? fault)
    {
        ArgumentNullException.ThrowIfNull(given);
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(row);

        row.Reset(plan);
        var fields = plan.Fields;
        Span<ulong> seen = stackalloc ulong[(fields.Count + 63) / 64];
        Span<ulong> filled = stackalloc ulong[seen.Length];
        seen.Clear();
        filled.Clear();

        var names = given.Names;
        var values = given.Values;
        var next = 0;
        for (var i = 0; i < names.Length; i++)
        {
            var slot = SlotOf(names[i], fields, next);
            if (slot < 0)
            {
                fault = FieldErrors.Unknown(names[i], plan);
                return false;
            }

            if (Mark(seen, slot))
            {
                fault = FieldErrors.Twice(names[i]);
                return false;
            }

            next = slot + 1;
            if (values[i].Given == FieldType.None)
            {
                continue;
            }

            var last = slot == plan.TimeSlot ? latest : End;
            fault = FieldReader.Read(values[i], fields[slot], IsKey(plan, slot), last, out var value);
            if (fault is not null)
            {
                return false;
            }

            Mark(filled, slot);
            row.Set(slot, value);
        }

        return Complete(plan, now, row, filled, out fault);
    }

    private static readonly EventTime End = EventTime.FromTrusted(EventTime.MaxUnixMilliseconds);

    private static bool Complete(EventPlan plan, EventTime now, EventRow row, ReadOnlySpan<ulong> filled, out ValidationError? fault)
    {
        var fields = plan.Fields;
        for (var slot = 0; slot < fields.Count; slot++)
        {
            if ((filled[slot >> 6] & (1UL << slot)) != 0)
            {
                continue;
            }

            if (slot == plan.TimeSlot)
            {
                row.AssignTime(now);
            }
            else if (slot == plan.IdSlot || (fields[slot] is { Required: true, IsSent: true } field && !field.Default.IsPresent))
            {
                fault = FieldErrors.Absent(fields[slot], IsKey(plan, slot));
                return false;
            }
        }

        row.Seal();
        fault = null;
        return true;
    }

    // Callers mostly send the schema's own string instances, in its order: comparing two references finds the field.
    private static int SlotOf(string name, IReadOnlyList<FieldPlan> fields, int next)
    {
        if (next < fields.Count && ReferenceEquals(fields[next].Name, name) && fields[next].IsSent)
        {
            return next;
        }

        for (var slot = 0; slot < fields.Count; slot++)
        {
            if (string.Equals(fields[slot].Name, name, StringComparison.Ordinal))
            {
                return fields[slot].IsSent ? slot : -1;
            }
        }

        return -1;
    }

    private static bool IsKey(EventPlan plan, int slot)
    {
        if (slot == plan.IdSlot)
        {
            return true;
        }

        var tells = plan.Keys;
        for (var i = 0; i < tells.Count; i++)
        {
            if (tells[i].KeySlot == slot)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Sets a bit; true if it was already set.</summary>
    private static bool Mark(Span<ulong> bits, int at)
    {
        var bit = 1UL << at;
        var before = (bits[at >> 6] & bit) != 0;
        bits[at >> 6] |= bit;
        return before;
    }
}
