using System.Diagnostics;
using System.Globalization;

using Grid.Engine;

namespace Grid.Benchmarks;

/// <summary>What saving one changed card costs: so many cards are told of a payment each, and a checkpoint without rests is timed; several times over.</summary>
internal static class CheckpointCost
{
    public static async Task RunAsync(int cards)
    {
        await using var fraud = new Fraud(Durability.Received, options => options.CheckpointEvery = TimeSpan.FromHours(1));
        for (var round = 0; round < 6; round++)
        {
            var first = round;
            await fraud.FillAsync(Enumerable.Range(0, cards).Select(i => Fraud.Payment(
                $"{first}-{i}", Fraud.Start + (first * Fraud.Day) + i, $"c{i}", $"t{i % 100}", (i % 300) + 1)));
            var (started, cpu) = (Stopwatch.GetTimestamp(), Environment.CpuUsage.TotalTime);
            await fraud.Grid.CheckpointAsync(default);
            var elapsed = Stopwatch.GetElapsedTime(started);
            cpu = Environment.CpuUsage.TotalTime - cpu;
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"checkpoint {cards} cards with {round + 1} events: {elapsed.TotalMilliseconds:0} ms, {elapsed.TotalMicroseconds / cards:0.00} us a card, of CPU {cpu.TotalMicroseconds / cards:0.00} us; one id a card included"));
        }
    }
}
