namespace Grid.Testing;

/// <summary>
/// Bytes that a piece of code allocates on its thread. The runtime's counter also moves for other reasons: a background garbage collection that
/// another thread starts counts the unused rest of this thread's allocation buffer (up to 8 kB) as allocated, and types are initialized once.
/// Code that allocates does so in each round, so the least of several rounds is the code's own.
/// </summary>
public static class Allocations
{
    private const int Rounds = 5;

    /// <summary>The bytes that one call of <paramref name="round"/> allocates: the least of five calls, after one that is not counted.</summary>
    public static long Of(Action round)
    {
        round();
        var least = long.MaxValue;
        for (var i = 0; i < Rounds; i++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            round();
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        return least;
    }
}
