using Grid.Features.Plans;

namespace Grid.Features.State;

/// <summary>Converts a column's keys to values.</summary>
internal static class ColumnValue
{
    public static Value Of(ColumnLayout column, long key, TextTable texts) => column.Plan.Storage switch
    {
        ColumnStorage.Fixed => column.Plan.Scale == 0 ? Value.OfInteger(key) : Value.Of(FixedPoint.ToDouble(key, column.Plan.Scale)),
        ColumnStorage.Number => Value.Of(NumberKey.ToDouble(key)),
        ColumnStorage.Text => Value.Of(texts[key]),
        _ => throw new InvalidOperationException($"A column of {column.Plan.Storage} has no values."),
    };

    /// <summary>Whether the value of one key is less than that of another: numbers by value, strings by ordinal.</summary>
    public static bool IsLess(ColumnLayout column, long left, long right, TextTable texts) =>
        column.Plan.Storage == ColumnStorage.Text ? string.CompareOrdinal(texts[left], texts[right]) < 0 : left < right;
}
