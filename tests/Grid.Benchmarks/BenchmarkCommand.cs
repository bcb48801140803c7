using System.Globalization;
using Grid.Testing;

namespace Grid.Benchmarks;

/// <summary>Reads the command line and runs the measures that it names.</summary>
internal static class BenchmarkCommand
{
    private const string Smoke = "--smoke";

    private static readonly Dictionary<string, Func<Scale, Task>> Ratios = new(StringComparer.Ordinal)
    {
        ["decision_over_ort"] = scale => DecisionOverOrt.RunAsync(7, scale),
        ["window_10k_over_10"] = scale => WindowLength.WindowAsync(7, scale),
        ["late_over_in_order"] = scale => WindowLength.LateAsync(7, scale),
        ["durable_over_received"] = scale => Throughput.DurableAsync(5, scale),
        ["http_over_kestrel"] = scale => HttpOverKestrel.RunAsync(5, scale),
        ["bytes_per_entity"] = BytesPerEntity.RunAsync,
    };

    /// <summary>Measures of a cluster and of its event log, which need a PostgreSQL server.</summary>
    private static readonly Dictionary<string, Func<int[], Scale, Task>> OnPostgres = new(StringComparer.Ordinal)
    {
        ["turn"] = (_, scale) => ClusterTurn.RunAsync(7, scale), // two silos in this process
        ["cluster"] = ClusterAsync, // silo processes
        ["pglog"] = (numbers, scale) => PostgresLog.RunAsync(First(numbers) ?? scale.Pick(full: 10, smoke: 1), scale),
    };

    private static readonly Dictionary<string, Func<int[], Scale, Task>> Others = new(StringComparer.Ordinal)
    {
        ["checkpoint"] = (numbers, scale) => CheckpointCost.RunAsync(First(numbers) ?? scale.Pick(full: 200_000, smoke: 500)),
        ["rank"] = (numbers, scale) => RankingLoad.RunAsync(First(numbers) ?? scale.Pick(full: 20, smoke: 1), scale),
        ["profile"] = (numbers, scale) => DecisionOverOrt.ProfileAsync(First(numbers) ?? scale.Pick(full: 60, smoke: 1), scale),
        ["profile-http"] = (numbers, scale) => HttpOverKestrel.ProfileAsync(First(numbers) ?? scale.Pick(full: 60, smoke: 1), scale),
    };

    private static string Usage => $"""
        usage: ratios [{string.Join(" | ", Ratios.Keys)}]... [{Smoke}]
               checkpoint [CARDS] [{Smoke}]        what saving a changed card costs
               rank [SECONDS] [{Smoke}]            200 candidates a call, 100 calls a second, then an owner that is frozen
               pglog [SECONDS] [{Smoke}]           the event log on a PostgreSQL server of its own
               turn [{Smoke}]                      what a cluster adds to a turn: two silos in one process, and PostgreSQL
               cluster [SILOS]... [{Smoke}]        decisions a second of a cluster of silo processes on PostgreSQL
               profile | profile-http [SECONDS]   decides for so many seconds, for a profiler to look at
               smoke                              every measure above at the smallest size

        {Smoke} shows that a measure runs and prints, in seconds; its figures mean nothing.
        """;

    public static async Task<int> RunAsync(string[] args)
    {
        if (args is ["bytes-child", var cards, var events])
        {
            await BytesPerEntity.ChildAsync(
                int.Parse(cards, CultureInfo.InvariantCulture), int.Parse(events, CultureInfo.InvariantCulture));
            return 0;
        }

        var scale = args.Contains(Smoke) ? Scale.Smoke : Scale.Full;
        string[] rest = [.. args.Where(argument => argument != Smoke)];
        switch (rest)
        {
            case ["smoke"]:
                return await SmokeRun.RunAsync(All(), PostgresServer.Absent);
            case ["ratios", .. var names] when names.All(Ratios.ContainsKey):
                foreach (var name in Ratios.Keys.Where(name => names.Length == 0 || names.Contains(name)))
                {
                    await Ratios[name](scale);
                }

                return 0;
            case [var name, .. var numbers] when Others.TryGetValue(name, out var measure) && Numbers(numbers) is { } sizes:
                await measure(sizes, scale);
                return 0;
            case [var name, .. var numbers] when OnPostgres.TryGetValue(name, out var measure) && Numbers(numbers) is { } sizes:
                if (PostgresServer.Absent is { } absent)
                {
                    Console.Error.WriteLine(absent);
                    return 1;
                }

                await measure(sizes, scale);
                return 0;
            default:
                Console.Error.WriteLine(Usage);
                return 2;
        }
    }

    private static IEnumerable<(string Name, bool NeedsPostgres, Func<Scale, Task> Run)> All() =>
    [
        .. Ratios.Select(measure => (measure.Key, false, measure.Value)),
        .. Others.Select(measure => (measure.Key, false, Unsized(measure.Value))),
        .. OnPostgres.Select(measure => (measure.Key, true, Unsized(measure.Value))),
    ];

    private static Func<Scale, Task> Unsized(Func<int[], Scale, Task> measure) => scale => measure([], scale);

    private static async Task ClusterAsync(int[] sizes, Scale scale)
    {
        foreach (var size in sizes is [] ? scale.Pick<int[]>(full: [1, 2, 3], smoke: [2]) : sizes)
        {
            await ClusterThroughput.RunAsync(size, 5, scale);
        }
    }

    private static int? First(int[] numbers) => numbers is [var first, ..] ? first : null;

    /// <summary>The positive numbers that the arguments are; null where one is none.</summary>
    private static int[]? Numbers(string[] arguments)
    {
        var numbers = new int[arguments.Length];
        for (var i = 0; i < numbers.Length; i++)
        {
            if (!int.TryParse(arguments[i], NumberStyles.None, CultureInfo.InvariantCulture, out numbers[i]) || numbers[i] == 0)
            {
                return null;
            }
        }

        return numbers;
    }
}
