using System.Globalization;

using Grid.Benchmarks;

// dotnet run -c Release --project tests/Grid.Benchmarks -- ratios [NAME ...]
var measures = new Dictionary<string, Func<Task>>
{
    ["decision_over_ort"] = () => DecisionOverOrt.RunAsync(7),
    ["window_10k_over_10"] = () => WindowLength.WindowAsync(7),
    ["late_over_in_order"] = () => WindowLength.LateAsync(7),
    ["durable_over_received"] = () => Throughput.DurableAsync(5),
    ["http_over_kestrel"] = () => HttpOverKestrel.RunAsync(5),
    ["bytes_per_entity"] = () => Task.Run(BytesPerEntity.Run),
};

switch (args)
{
    case ["bytes-child", var cards, var events]:
        await BytesPerEntity.ChildAsync(int.Parse(cards, CultureInfo.InvariantCulture), int.Parse(events, CultureInfo.InvariantCulture));
        return 0;
    case ["checkpoint", .. var cards] when cards.Length <= 1: // what saving a changed card costs
        await CheckpointCost.RunAsync(cards.Length == 0 ? 200_000 : int.Parse(cards[0], CultureInfo.InvariantCulture));
        return 0;
    case ["turn"]: // two silos in this process; built with -p:Orleans=true
        await ClusterTurn.RunAsync(7);
        return 0;
    case ["cluster", .. var sizes] when sizes.All(size => int.TryParse(size, out _)): // silo processes; built with -p:Orleans=true
        foreach (var size in sizes.Length == 0 ? [1, 2, 3] : sizes.Select(size => int.Parse(size, CultureInfo.InvariantCulture)))
        {
            await ClusterThroughput.RunAsync(size, 5);
        }

        return 0;
    case ["pglog", .. var seconds] when seconds.Length <= 1: // the event log on a PostgreSQL server of its own
        return await PostgresLog.RunAsync(seconds.Length == 0 ? 10 : int.Parse(seconds[0], CultureInfo.InvariantCulture));
    case ["rank", .. var seconds] when seconds.Length <= 1: // 200 candidates a call, 100 calls a second, then an owner that is frozen
        return await RankingLoad.RunAsync(seconds.Length == 0 ? 20 : int.Parse(seconds[0], CultureInfo.InvariantCulture), 100);
    case ["profile-http", var seconds]: // decides over HTTP for so many seconds, for a profiler to look at
        await HttpOverKestrel.ProfileAsync(int.Parse(seconds, CultureInfo.InvariantCulture));
        return 0;
    case ["profile", var seconds]: // decides for so many seconds, for a profiler to look at
        await DecisionOverOrt.ProfileAsync(int.Parse(seconds, CultureInfo.InvariantCulture));
        return 0;
    case ["ratios", .. var names] when names.All(measures.ContainsKey):
        foreach (var (name, measure) in measures)
        {
            if (names.Length == 0 || names.Contains(name))
            {
                await measure();
            }
        }

        return 0;
    default:
        Console.Error.WriteLine($"usage: ratios [{string.Join(" | ", measures.Keys)}], checkpoint [CARDS], pglog [SECONDS], turn, cluster [SILOS ...], rank [SECONDS], profile SECONDS, or profile-http SECONDS");
        return 2;
}
