using System.Diagnostics;
using System.Globalization;

using Grid.Engine;

namespace Grid.Benchmarks;

/// <summary>Decisions per second, at both durabilities: a closed loop with 256 in flight, and an open loop whose latencies are told.</summary>
internal static class Throughput
{
    private const int InFlight = 256;
    private const int Cards = 5_000;
    private const int Terminals = 2_000;

    public static async Task DurableAsync(int wholeRounds, Scale scale)
    {
        var rounds = scale.Rounds(wholeRounds);
        var (history, decisions) = scale.Pick(full: (100_000, 40_000), smoke: (1_000, 1_000));
        await using var committed = new Fraud(Durability.Committed);
        await using var received = new Fraud(Durability.Received);
        foreach (var fraud in (Fraud[])[committed, received])
        {
            await fraud.FillAsync(Fraud.RandomPayments(1, history, Cards, Terminals, Fraud.Start, 38 * Fraud.Day / history));
            await ClosedAsync(fraud, 0, decisions);
        }

        List<double> cpuOurs = [], cpuTheirs = [];
        var (ratio, ours, theirs) = await Rounds.CompareAsync(
            rounds, round => TimedAsync(committed, round + 1, decisions, cpuOurs), round => TimedAsync(received, round + 1, decisions, cpuTheirs));
        Rounds.Print("durable_over_received", ratio, string.Create(
            CultureInfo.InvariantCulture,
            $"{ours:0} over {theirs:0} decisions a second, {InFlight} in flight; {Rounds.Median(cpuOurs):0.0} us of CPU a decision over {Rounds.Median(cpuTheirs):0.0}"));
        foreach (var (fraud, name, perSecond) in ((Fraud, string, double)[])[(committed, "committed", ours), (received, "received", theirs)])
        {
            var rate = scale.Pick(full: (int)(perSecond / 4), smoke: 300);
            var latencies = new double[rounds][];
            for (var round = 0; round < rounds; round++)
            {
                latencies[round] = await OpenAsync(fraud, rate, 1_000 + round);
            }

            double Median(double share) => Rounds.Median([.. latencies.Select(one => At(one, share))]);
            Rounds.Print(
                $"decisions_per_second_{name}_25",
                rate,
                $"open loop at a quarter of {perSecond:0}/s, {rounds} times: medians of p50 {Median(0.5):0} us, p99 {Median(0.99):0} us (worst {latencies.Max(one => At(one, 0.99)):0}), p99.9 {Median(0.999):0} us");
        }
    }

    private static async Task<double> TimedAsync(Fraud fraud, int round, int decisions, List<double> cpu)
    {
        var before = Environment.CpuUsage.TotalTime;
        var perSecond = await ClosedAsync(fraud, round, decisions);
        cpu.Add((Environment.CpuUsage.TotalTime - before).TotalMicroseconds / decisions);
        return perSecond;
    }

    private static async Task<double> ClosedAsync(Fraud fraud, int round, int decisions)
    {
        var payments = Payments(round, decisions);
        var next = -1;
        var started = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, InFlight).Select(_ => Task.Run(async () =>
        {
            for (var i = Interlocked.Increment(ref next); i < payments.Length; i = Interlocked.Increment(ref next))
            {
                await fraud.Grid.DecideAsync("authorize", payments[i], default);
            }
        })));
        return decisions / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    /// <summary>
    /// Sends at a fixed rate whatever the answers do; a latency counts from when its request was due. The sender shares the processors with what it measures: it sleeps
    /// between two requests, and keeps nothing of those that were answered, which the garbage collector would move about meanwhile.
    /// </summary>
    private static async Task<double[]> OpenAsync(Fraud fraud, int rate, int round)
    {
        var payments = Payments(round, rate * 3);
        var latencies = new double[payments.Length];
        var left = payments.Length;
        var answered = new TaskCompletionSource();
        GC.Collect(); // What was prepared is old from here on.
        var started = Stopwatch.GetTimestamp();
        await Task.Factory.StartNew(
            () =>
            {
                Pause.Precisely();
                for (var i = 0; i < payments.Length; i++)
                {
                    var due = started + (long)(i * (double)Stopwatch.Frequency / rate);
                    Pause.Until(due);
                    _ = AskAsync(i, due);
                }
            },
            TaskCreationOptions.LongRunning);
        await answered.Task;
        return [.. latencies.Skip(latencies.Length / 3).Order()];

        async Task AskAsync(int i, long due)
        {
            try
            {
                await fraud.Grid.DecideAsync("authorize", payments[i], default);
                latencies[i] = Stopwatch.GetElapsedTime(due).TotalMicroseconds;
            }
            catch (GridException e)
            {
                answered.TrySetException(e);
            }

            if (Interlocked.Decrement(ref left) == 0)
            {
                answered.TrySetResult();
            }
        }
    }

    private static Event[] Payments(int round, int count) => Fraud.RandomPayments(
        10_000 + round, count, Cards, Terminals, Fraud.Start + (38 * Fraud.Day) + (round * Fraud.Day / 200), Fraud.Day / 200 / count);

    private static double At(double[] sorted, double share) => sorted[(int)(share * (sorted.Length - 1))];
}
