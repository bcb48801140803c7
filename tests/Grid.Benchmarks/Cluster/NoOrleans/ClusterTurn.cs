namespace Grid.Benchmarks;

/// <summary>Stands in where the Orleans host is not built.</summary>
internal static class ClusterTurn
{
    public static Task RunAsync(int rounds) => throw new NotSupportedException($"{rounds} rounds were asked for, and the Orleans host is not built: -p:Orleans=true builds it.");
}
