using Grid.Decisions.Definitions;
using Grid.Decisions.Plans;
using Grid.Engine;
using Grid.Testing;

namespace Grid.Benchmarks;

/// <summary>The fraud bundle in a grid of its own, on a folder that goes away with it, and payments to send to it.</summary>
internal sealed class Fraud : IAsyncDisposable
{
    public const long Second = 1_000;
    public const long Day = 86_400 * Second;

    /// <summary>2018-07-01, in Unix milliseconds.</summary>
    public const long Start = 1_530_403_200_000;

    private readonly string _folder = Directory.CreateTempSubdirectory("grid-bench-").FullName;

    public Fraud(Durability durability, Action<EngineOptions>? configure = null)
    {
        var options = new EngineOptions { Folder = _folder, Durability = durability };
        configure?.Invoke(options);
        Bundle = BundleReader.Read(Repository.Bundle("fraud"));
        Grid = EmbeddedGrid.Open(Bundle, options, TimeProvider.System);
    }

    public Bundle Bundle { get; }

    public EmbeddedGrid Grid { get; }

    public static Event Payment(string id, long at, string card, string terminal, decimal amount) => new("transaction", 5)
    {
        ["transaction_id"] = id,
        ["at"] = EventTime.FromUnixMilliseconds(at),
        ["card"] = card,
        ["terminal"] = terminal,
        ["amount"] = amount,
    };

    /// <summary>Payments one <paramref name="step"/> (milliseconds) after another, of random cards at random terminals, the same for one seed.</summary>
    public static Event[] RandomPayments(int seed, int count, int cards, int terminals, long start, long step)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(i => Payment(
            $"{seed}-{i}", start + (i * step), $"c{random.Next(cards)}", $"t{random.Next(terminals)}", random.Next(1, 30_000) / 100m))];
    }

    /// <summary>Tells the grid of events that count but are not timed.</summary>
    public async Task FillAsync(IEnumerable<Event> events)
    {
        foreach (var chunk in events.Chunk(4_096))
        {
            foreach (var receipt in await Task.WhenAll(chunk.Select(happened => Grid.IngestAsync(happened, default).AsTask())))
            {
                if (receipt.Outcome != EventOutcome.Accepted)
                {
                    throw new InvalidOperationException($"An event was {receipt.Outcome}: {receipt.ValidationError}");
                }
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Grid.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}
