namespace Grid.Postgres.Tests;

/// <summary>What other tests allocate would count too: it runs when they do not.</summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public sealed class Alone;

[Collection(nameof(Alone))]
public sealed class AllocationTests(Databases databases)
{
    private const int Callers = 500;
    private const int Rows = 4;

    private static readonly byte[] Body = new byte[1_000];

    [Fact]
    public async Task A_row_in_a_busy_log_allocates_next_to_nothing()
    {
        await using var log = await Logs.OpenAsync(await databases.CreateAsync(), lanes: 1);
        var writers = Enumerable.Range(0, Callers).Select(i => log.WriterOf(new("card", $"{i}"), 0)).ToArray();
        await RoundAsync(writers);
        await RoundAsync(writers);

        // A caller and a flush have their price however many rows there are: the least of several counts, and a bound that leaves room for it. A body of
        // 1,000 bytes copied for each row would go far beyond it.
        var least = long.MaxValue;
        for (var round = 0; round < 10; round++)
        {
            var before = GC.GetTotalAllocatedBytes();
            await RoundAsync(writers);
            least = Math.Min(least, GC.GetTotalAllocatedBytes() - before);
        }

        Assert.InRange(least / (Callers * Rows), 0, 300);
    }

    private static Task RoundAsync(EntityWriter[] writers) => Task.WhenAll(writers.Select(AppendAsync));

    private static async Task AppendAsync(EntityWriter writer)
    {
        for (var i = 0; i < Rows; i++)
        {
            await writer.AppendAsync(new LogRow { Version = writer.Version + 1, EventType = "t", IdHash = 1, At = default, Body = Body });
        }
    }
}
