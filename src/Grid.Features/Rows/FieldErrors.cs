using System.Globalization;
using System.Text;
using Grid.Features.Naming;
using Grid.Features.Plans;

namespace Grid.Features.Rows;

/// <summary>Texts of validation errors in the fields of an event.</summary>
internal static class FieldErrors
{
    private const int MostShown = 40;

    public static ValidationError Unknown(string name, EventPlan plan)
    {
        var label = plan.Fields.FirstOrDefault(field => field.IsLabel && field.Name == name);
        if (label is not null)
        {
            return new(name, "a field that only a later label fills in", $"an event '{plan.Name}' without it");
        }

        if (plan.Fields.Any(field => field.Since is not null && field.Name == name))
        {
            return new(name, "a field that is measured from an earlier event", $"an event '{plan.Name}' without it");
        }

        if (plan.Fields.Any(field => field.Expression is not null && field.Name == name))
        {
            return new(name, "a field that is computed from others", $"an event '{plan.Name}' without it");
        }

        var known = plan.Fields.Where(field => field.IsSent).Select(field => field.Name).ToList();
        var near = NearNames.Of(name, known);
        return new(
            Shown(name),
            $"a field that event '{plan.Name}' does not have",
            $"one of {string.Join(", ", known)}{(near.Count == 0 ? "" : $" (did you mean {string.Join(" or ", near.Select(one => $"'{one}'"))}?)")}");
    }

    public static ValidationError Twice(string name) => new(name, "the field twice", "one value for it");

    public static ValidationError Absent(FieldPlan field, bool isKey) => new(field.Name, "nothing", Expected(field, isKey));

    public static ValidationError Wrong(FieldPlan field, FieldValue value, bool isKey) =>
        new(field.Name, FoundFor(field, value), Expected(field, isKey));

    public static ValidationError Wrong(FieldPlan field, string found, bool isKey) => new(field.Name, found, Expected(field, isKey));

    public static ValidationError Early(FieldPlan field, FieldValue value) => new(field.Name, $"{Found(value)}, which is before 1970", Expected(field, false));

    public static ValidationError Late(FieldPlan field, FieldValue value, EventTime latest) =>
        new(field.Name, $"{Found(value)}, which is too far in the future", $"a time up to {latest}");

    /// <summary>The value found, truncated to a safe length and escaped for logs.</summary>
    public static string Found(FieldValue value) => value.Given switch
    {
        FieldType.None => "nothing",
        FieldType.String => $"the text '{Shown(value.Text!)}'",
        FieldType.Number or FieldType.Decimal => $"the number {value}",
        FieldType.Timestamp => $"the time {value}",
        _ => value.ToString(),
    };

    // Readers pass on a number that no decimal can hold as text, so that the message shows every digit.
    private static string FoundFor(FieldPlan field, FieldValue value) =>
        value.Given == FieldType.String && field.Type is FieldType.Integer or FieldType.Decimal && IsNumber(value.Text!)
            ? $"the number {Shown(value.Text!)}"
            : Found(value);

    private static bool IsNumber(string text) =>
        ExactNumber.ReadPlain(text, out _) != NumberText.None
        || ExactNumber.Read(Encoding.UTF8.GetBytes(text), out _) == NumberText.Inexact;

    /// <summary>Truncates a text to a safe length and escapes it for logs.</summary>
    public static string Shown(string text)
    {
        var shown = new StringBuilder();
        foreach (var rune in text.EnumerateRunes().Take(MostShown + 1))
        {
            if (shown.Length >= MostShown)
            {
                return shown.Append('…').ToString();
            }

            shown.Append(Rune.IsControl(rune) ? "\ufffd" : rune.ToString());
        }

        return shown.ToString();
    }

    /// <summary>Describes the values expected for a field.</summary>
    private static string Expected(FieldPlan field, bool isKey) => field.Type switch
    {
        FieldType.String when isKey => $"a text of 1 to {EntityId.MaxKeyBytes} UTF-8 bytes without control characters",
        FieldType.String => $"a text of at most {TextCheck.MaxTextBytes} UTF-8 bytes",
        FieldType.Integer => $"a whole number{Between(field, long.MinValue, long.MaxValue)}",
        FieldType.Decimal => $"a decimal number with at most {field.Scale} {(field.Scale == 1 ? "place" : "places")},"
            + Between(field, decimal.Ceiling(long.MinValue / (decimal)FixedPoint.Power(field.Scale)), decimal.Floor(long.MaxValue / (decimal)FixedPoint.Power(field.Scale))),
        FieldType.Number => $"a finite number{Between(field, null, null)}",
        FieldType.Boolean => "true or false",
        FieldType.Timestamp => "a time such as 2018-07-25T00:00:29.000Z, or whole milliseconds since 1970",
        _ => throw new ArgumentOutOfRangeException(nameof(field), field.Type, "A field has one of the declared types."),
    };

    private static string Between(FieldPlan field, decimal? least, decimal? most)
    {
        var (from, to) = (field.Min ?? least, field.Max ?? most);
        return (from, to) switch
        {
            (null, null) => "",
            (null, { } max) => string.Create(CultureInfo.InvariantCulture, $" up to {max}"),
            ({ } min, null) => string.Create(CultureInfo.InvariantCulture, $" from {min}"),
            ({ } min, { } max) => string.Create(CultureInfo.InvariantCulture, $" from {min} to {max}"),
        };
    }
}
