namespace Grid.Features.State;

/// <summary>Totals of a range of one column. Only the fields that the column's layout stores are meaningful.</summary>
internal struct Totals
{
    /// <summary>The number of events with a value.</summary>
    public int Values;

    public Int128 Sum;

    public Wide Squares;

    public void Add(in Totals other)
    {
        Values += other.Values;
        Sum += other.Sum;
        Squares += other.Squares;
    }

    public static Totals operator +(in Totals left, in Totals right)
    {
        var sum = left;
        sum.Add(right);
        return sum;
    }

    public static Totals operator -(in Totals left, in Totals right) => new()
    {
        Values = left.Values - right.Values,
        Sum = left.Sum - right.Sum,
        Squares = left.Squares - right.Squares,
    };
}
