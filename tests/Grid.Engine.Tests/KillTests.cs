using System.Diagnostics;
using System.Globalization;

namespace Grid.Engine.Tests;

public sealed class KillTests
{
    private const int Kills = 20;

    [Fact]
    public async Task Killed_at_twenty_random_instants_it_loses_nothing_acknowledged_and_counts_nothing_twice()
    {
        using var folder = new TestFolder();
        var random = new Random(2026);
        var acknowledged = new HashSet<int>();
        for (var kill = 0; kill < Kills; kill++)
        {
            await LoadAndKillAsync(folder.Path, kill * 1_000_000, random.Next(1, 300), acknowledged);
        }

        await using var grid = Fraud.Open(folder);
        var journaled = JournalHistory.Read(folder.Path, Fraud.Bundle)
            .Select(entry => int.Parse(entry.Event["transaction_id"].Text!.AsSpan(1), CultureInfo.InvariantCulture))
            .ToList();
        Assert.Equal(journaled.Count, journaled.Distinct().Count());
        Assert.Subset(journaled.ToHashSet(), acknowledged);
        Assert.InRange(journaled.Count - acknowledged.Count, 0, Kills * KillHost.Callers); // What was on disk but not yet said.

        for (var card = 0; card < 37; card++)
        {
            Assert.Equal(journaled.Count(number => number % 37 == card), await Fraud.ReadAsync(grid, "card", $"c{card}", "tx_count_30d", 5_000));
        }

        for (var terminal = 0; terminal < 5; terminal++)
        {
            Assert.Equal(
                journaled.Count(number => number % 5 == terminal),
                await Fraud.ReadAsync(grid, "terminal", $"m{terminal}", "tx_count_30d", 5_000 + (7 * 86400)));
        }

        foreach (var number in acknowledged.Order().Take(500))
        {
            Assert.Equal(EventOutcome.Duplicate, (await grid.IngestAsync(KillHost.PaymentOf(number), default)).Outcome);
        }
    }

    /// <summary>Kills a host after it has said some numbers, and takes down every one that it has said.</summary>
    private static async Task LoadAndKillAsync(string folder, int first, int until, HashSet<int> acknowledged)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true };
        foreach (var argument in new[] { typeof(KillTests).Assembly.Location, KillHost.Word, folder, first.ToString(CultureInfo.InvariantCulture) })
        {
            start.ArgumentList.Add(argument);
        }

        using var host = Process.Start(start)!;
        var said = 0;
        try
        {
            while (await host.StandardOutput.ReadLineAsync().InTime() is { } line)
            {
                // Killed in the middle of a line it has said only part of a number.
                if (!line.EndsWith(KillHost.End))
                {
                    continue;
                }

                acknowledged.Add(int.Parse(line.AsSpan(0, line.Length - 1), CultureInfo.InvariantCulture));
                if (++said == until)
                {
                    host.Kill();
                }
            }
        }
        finally
        {
            host.Kill(); // Of one that has ended this does nothing.
        }

        await host.WaitForExitAsync().InTime();
        Assert.True(said >= until, $"The host ended by itself after {said} payments, with code {host.ExitCode}.");
    }
}
