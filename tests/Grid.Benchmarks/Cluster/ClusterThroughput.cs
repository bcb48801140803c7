using System.Globalization;
using System.Net;

using Grid.Drills;

namespace Grid.Benchmarks;

/// <summary>
/// Decisions per second over HTTP, on disk before the answer, of a cluster of silo processes with its PostgreSQL on the same machine, and the processor time
/// that a decision costs. Where the cores are full already, more silos add nothing but their messages: the processor time is the figure to look at.
/// </summary>
internal static class ClusterThroughput
{
    private const int Cards = 5_000;
    private const int Terminals = 2_000;

    public static async Task RunAsync(int silos, int rounds, Scale scale)
    {
        var (requestsARound, connections, warmRounds) = scale.Pick(full: (30_000, 192, 3), smoke: (120, 8, 1));
        await using var cluster = await SiloCluster.StartAsync(new() { Silos = silos });
        var loads = cluster.Silos.Select(silo => new HttpLoad(IPEndPoint.Parse(silo.Address.Authority), connections / silos)).ToArray();
        const int ColdRetries = 20;
        Array.ForEach(loads, load => load.TransientRetries = ColdRetries);
        for (var warm = 0; warm < warmRounds; warm++)
        {
            await OnceAsync(warm);
        }

        Array.ForEach(loads, load => load.TransientRetries = scale.Pick(full: 0, smoke: ColdRetries));

        List<double> perSecond = [], silo = [], database = [], caller = [];
        for (var round = 0; round < scale.Rounds(rounds); round++)
        {
            var before = (Silos: Cpu(cluster), Database: cluster.DatabaseCpu, Caller: Environment.CpuUsage.TotalTime);
            perSecond.Add(await OnceAsync(warmRounds + round));
            silo.Add(Each(Cpu(cluster) - before.Silos));
            database.Add(Each(cluster.DatabaseCpu - before.Database));
            caller.Add(Each(Environment.CpuUsage.TotalTime - before.Caller));
        }

        Rounds.Print(
            string.Create(CultureInfo.InvariantCulture, $"cluster_decisions_per_second_{silos}"),
            Math.Round(Rounds.Median(perSecond)),
            string.Create(
                CultureInfo.InvariantCulture,
                $"{silos} silo{(silos == 1 ? "" : "s")}; CPU a decision: silos {Rounds.Median(silo):0} us, PostgreSQL {Rounds.Median(database):0} us, caller {Rounds.Median(caller):0} us; {connections} connections, committed"));

        double Each(TimeSpan spent) => spent.TotalMicroseconds / requestsARound;

        async Task<double> OnceAsync(int round)
        {
            var requests = Prepare(round, requestsARound);
            var started = System.Diagnostics.Stopwatch.GetTimestamp();
            await Task.WhenAll(loads.Select((load, i) => load.RunAsync([.. requests.Where((_, at) => at % loads.Length == i)])));
            return requestsARound / System.Diagnostics.Stopwatch.GetElapsedTime(started).TotalSeconds;
        }
    }

    private static TimeSpan Cpu(SiloCluster cluster) => cluster.Silos.Aggregate(TimeSpan.Zero, (sum, silo) => sum + silo.Cpu);

    private static List<byte[]> Prepare(int round, int count)
    {
        var random = new Random(round);
        var start = Fraud.Start + (38 * Fraud.Day) + (round * Fraud.Day / 10);
        return [.. Enumerable.Range(0, count).Select(i => HttpRequests.Post("/v1/decisions/authorize", string.Create(
            CultureInfo.InvariantCulture,
            $$"""{"transaction_id":"h{{round}}-{{i}}","at":"{{EventTime.FromUnixMilliseconds(start + (i * 200))}}","card":"c{{random.Next(Cards)}}","terminal":"t{{random.Next(Terminals)}}","amount":{{random.Next(1, 30_000) / 100m}}}""")))];
    }
}
