namespace Grid.Engine.Tests;

/// <summary>A grid under load in a process of its own. It says the id of each payment once it was acknowledged, and goes on until it is killed.</summary>
internal static class KillHost
{
    public const string Word = "kill-host";
    public const int Callers = 8;

    /// <summary>Ends each number that was said whole.</summary>
    public const char End = '.';

    private const int PaymentsPerCheckpoint = 40;

    public static int Run(string folder, int first)
    {
        var options = new EngineOptions { Folder = folder, Shards = 4, MaxResidentEntities = 20 };
        var grid = EmbeddedGrid.Open(Fraud.Bundle, options, TimeProvider.System, Fraud.Models);
        var (writing, paid) = (new Lock(), new SemaphoreSlim(0));
        var callers = Enumerable.Range(0, Callers).Select(caller => Task.Run(() => PayAsync(grid, first + caller, writing, paid)));
        Task.WaitAll([SaveAsync(grid, paid), .. callers]);
        return 0;
    }

    /// <summary>The payment of a number: which card, which terminal, when.</summary>
    public static Event PaymentOf(int number) => Fraud.Payment($"t{number}", $"c{number % 37}", $"m{number % 5}", number % 5_000);

    /// <summary>Makes checkpoints by the number of payments, so that a kill meets them however fast the machine is.</summary>
    private static async Task SaveAsync(EmbeddedGrid grid, SemaphoreSlim paid)
    {
        while (true)
        {
            for (var i = 0; i < PaymentsPerCheckpoint; i++)
            {
                await paid.WaitAsync();
            }

            await grid.CheckpointAsync(default);
        }
    }

    private static async Task PayAsync(EmbeddedGrid grid, int first, Lock writing, SemaphoreSlim paid)
    {
        for (var number = first; ; number += Callers)
        {
            if (number % 3 == 0)
            {
                await grid.IngestAsync(PaymentOf(number), default);
            }
            else
            {
                await grid.DecideAsync("authorize", PaymentOf(number), default);
            }

            lock (writing)
            {
                Console.Out.WriteLine($"{number}{End}");
                Console.Out.Flush();
            }

            paid.Release();
        }
    }
}
