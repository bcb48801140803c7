using System.Diagnostics;
using System.Globalization;

using Grid.Engine;

namespace Grid.Benchmarks;

/// <summary>
/// Growth of the process's resident memory per card: a fresh process tells a grid of so many payments of so many cards (each also counts at
/// one of ten thousand terminals), and looks at its working set before and after.
/// </summary>
internal static class BytesPerEntity
{
    private const int Terminals = 10_000;

    /// <summary>Measures in child processes, so that nothing else is in the figure.</summary>
    public static async Task RunAsync(Scale scale)
    {
        foreach (var (cards, events) in scale.Pick<(int, int)[]>(full: [(1_000_000, 10), (100_000, 100)], smoke: [(1_000, 10), (100, 100)]))
        {
            var bytes = double.Parse(await ThisProgram.OutputOfAsync("bytes-child", $"{cards}", $"{events}"), CultureInfo.InvariantCulture);
            Rounds.Print($"bytes_per_entity_{events}", bytes, $"bytes of resident memory a card, {cards} cards with {events} events each, terminals included");
        }
    }

    public static async Task ChildAsync(int cards, int events)
    {
        await using var fraud = new Fraud(Durability.Received, options => options.CheckpointEvery = TimeSpan.FromSeconds(10));
        await fraud.FillAsync(Payments(1, 1_000, events));
        var before = Resident();
        await fraud.FillAsync(Payments(2, cards, events));
        Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"right after the load: {(Resident() - before) / (double)cards:0.0} bytes a card"));
        TellParts(fraud.Grid, cards);
        await fraud.Grid.CheckpointAsync(default); // The ids of what came in last are on disk then, as those of all before.
        var growth = Resident() - before;
        Console.Error.WriteLine("after a checkpoint:");
        TellParts(fraud.Grid, cards);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{growth / (double)cards:0.0}"));
    }

    private static void TellParts(EmbeddedGrid grid, int cards)
    {
        var heap = GC.GetGCMemoryInfo();
        var parts = new (string Name, long Bytes)[]
        {
            ("entities and their index", grid.ResidentBytes),
            ("ids", grid.Core.Ids.AllocatedBytes),
            ("managed heap, ids included", heap.HeapSizeBytes),
            ("free in the heap", heap.FragmentedBytes),
            ("committed for the heap", heap.TotalCommittedBytes),
            ("SQLite", SQLitePCL.raw.sqlite3_memory_used()),
        };
        foreach (var (name, bytes) in parts)
        {
            Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name}: {bytes / (double)cards:0.0} bytes a card"));
        }
    }

    private static IEnumerable<Event> Payments(int seed, int cards, int events)
    {
        var random = new Random(seed);
        var step = 28 * Fraud.Day / ((long)cards * events);
        for (long i = 0; i < (long)cards * events; i++)
        {
            yield return Fraud.Payment($"{seed}-{i}", Fraud.Start + (i * Math.Max(step, 1)), $"{seed}{i % cards:0000000}", $"t{random.Next(Terminals)}", random.Next(1, 30_000) / 100m);
        }
    }

    private static long Resident()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive); // What the load left behind goes back to the system: it is not the grid's.
        using var process = Process.GetCurrentProcess();
        return process.WorkingSet64;
    }
}
