using System.Globalization;
using System.Text;
using Grid.Decisions.Records;
using Grid.Features.Plans;
using Grid.Features.Rows;

namespace Grid.Decisions.Hosting;

/// <summary>Distinguishes a repeated event from another event with the same id, and describes the conflict.</summary>
internal static class EventContent
{
    private const int MostFields = 4;

    /// <summary>
    /// Whether a request repeats a recorded event: every field that callers send is equal, as the current bundle reads it. A time omitted
    /// from the request is not a difference.
    /// </summary>
    /// <param name="record">A record of an event of the same type and id.</param>
    /// <param name="type">The request's type.</param>
    /// <param name="request">The request.</param>
    public static bool IsSame(JournalRecord record, EventFacts type, EventRow request)
    {
        if (!record.HasRow || !ReferenceEquals(record.Row.Plan, type.Plan))
        {
            return false; // The current bundle reads the id or time from another field, so the record cannot be compared.
        }

        for (var i = 0; i < type.Sent; i++)
        {
            if (Differs(record.Row, type, request, i))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>The conflict for a request whose id belongs to another event.</summary>
    /// <param name="record">The record of that event.</param>
    /// <param name="type">The request's type.</param>
    /// <param name="request">The request.</param>
    /// <param name="owner">The slot of the owner's key; -1 for an event without an owner.</param>
    public static GridException Conflict(JournalRecord record, EventFacts type, EventRow request, int owner)
    {
        var now = new StringBuilder($"'{FieldErrors.Shown(request.Id)}' again");
        var then = new StringBuilder($"a new id, or the content of the earlier {type.Plan.Name}");
        if (!record.HasRow || !ReferenceEquals(record.Row.Plan, type.Plan))
        {
            then.Append(" of another bundle");
        }
        else
        {
            Describe(now, then, record.Row, type, request, owner);
        }

        return GridException.IdConflict(new(type.Plan.Fields[type.Plan.IdSlot].Name, now.ToString(), then.ToString()));
    }

    /// <summary>The conflict for a ranking request whose candidates differ from those ranked under its id.</summary>
    /// <param name="type">The request's type.</param>
    /// <param name="request">The request.</param>
    /// <param name="owner">The slot of the owner's key.</param>
    public static GridException OtherCandidates(EventFacts type, EventRow request, int owner) => GridException.IdConflict(new(
        type.Plan.Fields[type.Plan.IdSlot].Name,
        $"'{FieldErrors.Shown(request.Id)}' again with other candidates",
        $"a new id, or the content of the earlier ranking of {NameOf(type, request, owner)}"));

    // The owner first, whether it differs or not; then the fields that differ.
    private static void Describe(StringBuilder now, StringBuilder then, EventRow first, EventFacts type, EventRow request, int owner)
    {
        if (owner >= 0)
        {
            now.Append(" of ").Append(NameOf(type, request, owner));
            then.Append(" of ").Append(NameOf(type, first, owner));
        }

        var fields = Enumerable.Range(0, type.Sent).Where(slot => slot != owner && Differs(first, type, request, slot)).ToList();
        var joint = " with ";
        foreach (var slot in fields.Take(MostFields))
        {
            now.Append(joint).Append(NameOf(type, request, slot));
            then.Append(joint).Append(NameOf(type, first, slot));
            joint = ", ";
        }

        if (fields.Count > MostFields)
        {
            now.Append(CultureInfo.InvariantCulture, $" and {fields.Count - MostFields} more fields that differ");
        }
    }

    private static bool Differs(EventRow first, EventFacts type, EventRow request, int slot) =>
        first[slot] != request[slot] && !(slot == type.Plan.TimeSlot && request.IsTimeAssigned);

    private static string NameOf(EventFacts type, EventRow row, int slot)
    {
        var field = type.Plan.Fields[slot];
        return row[slot].IsPresent ? $"{field.Name} {ValueOf(row[slot], field)}" : $"no {field.Name}";
    }

    private static string ValueOf(FieldSlot value, FieldPlan field) => field.Type switch
    {
        FieldType.String => $"'{FieldErrors.Shown(value.Text ?? "")}'",
        FieldType.Boolean => value.Bits != 0 ? "true" : "false",
        FieldType.Timestamp => EventTime.FromTrusted(value.Bits).ToString(),
        FieldType.Number => BitConverter.Int64BitsToDouble(value.Bits).ToString("R", CultureInfo.InvariantCulture),
        FieldType.Decimal => ((decimal)value.Bits / FixedPoint.Power(field.Scale)).ToString(CultureInfo.InvariantCulture),
        _ => value.Bits.ToString(CultureInfo.InvariantCulture),
    };
}
