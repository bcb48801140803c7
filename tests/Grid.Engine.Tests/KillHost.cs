namespace Grid.Engine.Tests;

/// <summary>A grid under load in a process of its own. It says the id of each payment once it was acknowledged, and goes on until it is killed.</summary>
internal static class KillHost
{
    public const string Word = "kill-host";
    private const int Callers = 8;

    public static int Run(string folder, int first)
    {
        var options = new EngineOptions { Folder = folder, Shards = 4, CheckpointEvery = TimeSpan.FromMilliseconds(40), MaxResidentEntities = 20 };
        var grid = EmbeddedGrid.Open(Fraud.Bundle, options, TimeProvider.System, Fraud.Models);
        var writing = new Lock();
        Task.WaitAll([.. Enumerable.Range(0, Callers).Select(caller => Task.Run(() => PayAsync(grid, first + caller, writing)))]);
        return 0;
    }

    /// <summary>The payment of a number: which card, which terminal, when.</summary>
    public static Event PaymentOf(int number) => Fraud.Payment($"t{number}", $"c{number % 37}", $"m{number % 5}", number % 5_000);

    private static async Task PayAsync(EmbeddedGrid grid, int first, Lock writing)
    {
        for (var number = first; ; number += Callers)
        {
            if (number % 3 == 0)
            {
                await grid.ObserveAsync(PaymentOf(number), default);
            }
            else
            {
                await grid.DecideAsync("authorize", PaymentOf(number), default);
            }

            lock (writing)
            {
                Console.Out.WriteLine(number);
                Console.Out.Flush();
            }
        }
    }
}
