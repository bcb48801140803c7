namespace Grid.Features.State;

/// <summary>The least and the greatest value of a stretch of a column, in the order of its keys; <see cref="None"/> of no values.</summary>
internal readonly record struct MinMax(long Least, long Greatest)
{
    public static MinMax None => new(long.MaxValue, long.MinValue);

    public MinMax With(long key) => new(Math.Min(Least, key), Math.Max(Greatest, key));

    public MinMax With(MinMax other) => new(Math.Min(Least, other.Least), Math.Max(Greatest, other.Greatest));
}
