using System.Diagnostics;
using System.Globalization;
using Grid.Decisions.Definitions;
using Grid.Drills;
using Grid.Orleans;
using Grid.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Runtime.Placement;

namespace Grid.Benchmarks;

/// <summary>
/// What the cluster adds to a turn: the same decisions of the same cards, stored in the event log on PostgreSQL, asked of the turn itself, of its grain in the
/// same silo, and of its grain in another silo. Two silos in one process; each card pays at terminals of its own silo only, so that nothing else is far away.
/// </summary>
internal static class ClusterTurn
{
    public static async Task RunAsync(int rounds, Scale scale)
    {
        var size = scale.Pick(full: new Size(30_000, 512, 2_000, 400), smoke: new Size(200, 16, 40, 20));
        using var postgres = PostgresServer.Start();
        var first = await StartAsync(postgres.ConnectionString, 0);
        using var one = first.Host;
        using var other = (await StartAsync(postgres.ConnectionString, first.SiloPort)).Host;
        var (core, far) = (one.Services.GetRequiredService<SiloCore>(), other.Services.GetRequiredService<SiloCore>());
        var grains = one.Services.GetRequiredService<IGrainFactory>();
        await TouchAsync(grains, size, [AddressOf(one), AddressOf(other)]);
        var (near, away) = (Place.Of(core), Place.Of(far));
        Console.WriteLine($"# {near.Cards.Length} cards and {near.Terminals.Length} terminals in one silo, {away.Cards.Length} and {away.Terminals.Length} in the other");

        List<(double Micros, double Cpu)> direct = [], inSilo = [], twoSilos = [];
        for (var round = -scale.Rounds(3); round < scale.Rounds(rounds); round++)
        {
            var measured = (
                await OnceAsync(size, near, (3 * round) + 13, payment => DirectAsync(core, payment)),
                await OnceAsync(size, near, (3 * round) + 14, payment => GrainAsync(grains, payment)),
                await OnceAsync(size, away, (3 * round) + 15, payment => GrainAsync(grains, payment)));
            if (round >= 0)
            {
                direct.Add(measured.Item1);
                inSilo.Add(measured.Item2);
                twoSilos.Add(measured.Item3);
            }
        }

        Print(size, "cluster_in_silo_over_direct", inSilo, direct, "asked of its grain in the silo", "of the turn itself");
        Print(size, "cluster_two_silos_over_in_silo", twoSilos, inSilo, "asked of its grain in another silo", "in the same");
        await other.StopAsync();
        await one.StopAsync();
    }

    private static void Print(Size size, string name, List<(double Micros, double Cpu)> ours, List<(double Micros, double Cpu)> baseline, string what, string against)
    {
        double Cpu(List<(double Micros, double Cpu)> rounds) => Rounds.Median(rounds.Select(round => round.Cpu));
        double PerSecond(List<(double Micros, double Cpu)> rounds) => 1e6 / Rounds.Median(rounds.Select(round => round.Micros));
        Rounds.Print(name, Rounds.Median(ours.Zip(baseline, (mine, other) => mine.Cpu / other.Cpu)), string.Create(
            CultureInfo.InvariantCulture,
            $"CPU of the process a decision: {Cpu(ours):0.0} us {what}, {Cpu(baseline):0.0} us {against}; {PerSecond(ours):0} and {PerSecond(baseline):0} decisions a second, {size.InFlight} in flight, PostgreSQL beside"));
    }

    private static async Task<(double Micros, double Cpu)> OnceAsync(Size size, Place place, int round, Func<Event, Task> decide)
    {
        var random = new Random(round);
        var payments = Enumerable.Range(0, size.Decisions).Select(i => Fraud.Payment(
            $"{round}-{i}",
            Fraud.Start + (round * Fraud.Day) + i,
            place.Cards[random.Next(place.Cards.Length)],
            place.Terminals[random.Next(place.Terminals.Length)],
            random.Next(1, 30_000) / 100m)).ToArray();
        var next = -1;
        var (started, cpu) = (Stopwatch.GetTimestamp(), Environment.CpuUsage.TotalTime);
        await Task.WhenAll(Enumerable.Range(0, size.InFlight).Select(_ => Task.Run(async () =>
        {
            for (var i = Interlocked.Increment(ref next); i < payments.Length; i = Interlocked.Increment(ref next))
            {
                await decide(payments[i]);
            }
        })));
        return (Stopwatch.GetElapsedTime(started).TotalMicroseconds / size.Decisions, (Environment.CpuUsage.TotalTime - cpu).TotalMicroseconds / size.Decisions);
    }

    private static async Task DirectAsync(SiloCore core, Event payment)
    {
        var facts = core.Decisions.Single(decision => decision.Plan.Name == "authorize");
        var call = core.Calls.Take();
        if (Requests.FaultOf(core, payment, facts.On, call.Frame.Row) is { } fault)
        {
            throw GridException.Invalid(fault);
        }

        await core.Local[new(GrainIds.Card, payment["card"].Text!)].DecideAsync(call, facts, default);
        core.Calls.Give(call);
    }

    private static Task GrainAsync(IGrainFactory grains, Event payment) => AgainAsync(() => grains.GetGrain<ICardGrain>(payment["card"].Text!).DecideAsync("authorize", payment, default));

    /// <summary>The first calls of a cold process may pass Orleans' time limit on a busy machine; asking again is safe.</summary>
    private static async Task AgainAsync(Func<Task> call)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await call();
                return;
            }
            catch (Exception raised) when (attempt < 20 && raised is TimeoutException or GridException { IsTransient: true })
            {
            }
        }
    }

    /// <summary>Has entities come to life, the first in one silo, the second in the other, and so on.</summary>
    private static async Task TouchAsync(IGrainFactory grains, Size size, SiloAddress[] silos)
    {
        var at = EventTime.FromUnixMilliseconds(Fraud.Start);
        await Parallel.ForEachAsync(Enumerable.Range(0, size.Cards), (card, _) => TouchAsync(card, () => grains.GetGrain<ICardGrain>($"c{card}").FeaturesAsync(at, default)));
        await Parallel.ForEachAsync(Enumerable.Range(0, size.Terminals), (terminal, _) => TouchAsync(terminal, () => grains.GetGrain<ITerminalGrain>($"t{terminal}").FeaturesAsync(at, default)));

        async ValueTask TouchAsync(int place, Func<Task> touch)
        {
            RequestContext.Set(IPlacementDirector.PlacementHintKey, silos[place % silos.Length]);
            await AgainAsync(touch);
        }
    }

    private static async Task<(IHost Host, int SiloPort)> StartAsync(string connectionString, int primary)
    {
        var options = new GridClusterOptions
        {
            ConnectionString = connectionString,
            PrimarySiloPort = primary,
            SiloPort = FreePort.Next(),
            GatewayPort = FreePort.Next(),
            Rebalance = false,
        };
        var builder = Host.CreateEmptyApplicationBuilder(new());
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton(BundleReader.Read(Repository.Bundle("fraud")));
        builder.UseOrleans(silo => silo.AddGrid(options));
        var host = builder.Build();
        await host.StartAsync();
        return (host, options.SiloPort);
    }

    private static SiloAddress AddressOf(IHost silo) => silo.Services.GetRequiredService<ILocalSiloDetails>().SiloAddress;

    private sealed record Size(int Decisions, int InFlight, int Cards, int Terminals);

    /// <summary>The cards and terminals that are live in a silo.</summary>
    private sealed record Place(string[] Cards, string[] Terminals)
    {
        public static Place Of(SiloCore core) => new(Keys(core, GrainIds.Card), Keys(core, GrainIds.Terminal));

        private static string[] Keys(SiloCore core, string kind) => [.. core.Local.Keys.Where(entity => entity.Kind == kind).Select(entity => entity.Key).Order(StringComparer.Ordinal)];
    }
}
