namespace Grid.Features.State;

/// <summary>The minimum and maximum of a range of a column, in key order; <see cref="None"/> if there are no values.</summary>
internal readonly record struct MinMax(long Least, long Greatest)
{
    public static MinMax None => new(long.MaxValue, long.MinValue);

    public MinMax With(long key) => new(Math.Min(Least, key), Math.Max(Greatest, key));

    public MinMax With(MinMax other) => new(Math.Min(Least, other.Least), Math.Max(Greatest, other.Greatest));
}
