using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using Grid.Decisions.Definitions;
using Grid.Decisions.Plans;
using Grid.Engine;
using Grid.Features.Plans;
using Grid.Testing;

namespace Grid.Benchmarks;

/// <summary>
/// Rankings of the eats bundle in process: 200 candidates a call, so many calls a second in an open loop (a call that is late does not hold back the
/// next). And one owner that is frozen for 200 ms under calls with a deadline.
/// </summary>
internal sealed class RankingLoad : IAsyncDisposable
{
    private const int Candidates = 200;
    private const int Restaurants = 2_000;
    private const int Areas = 20;
    private const int Users = 500;
    private static readonly string[] Cuisines = ["thai", "pizza", "sushi", "burger", "indian", "mexican", "vegan", "ramen"];

    private readonly string _folder = Directory.CreateTempSubdirectory("grid-rank-").FullName;
    private readonly Bundle _bundle = BundleReader.Read(Repository.Bundle("eats"));
    private readonly EmbeddedGrid _grid;
    private readonly Random _random = new(3);
    private int _ids;

    private RankingLoad(Durability durability) =>
        _grid = EmbeddedGrid.Open(_bundle, new() { Folder = _folder, Durability = durability }, TimeProvider.System);

    private static string Decision => "rank";

    public static async Task RunAsync(int seconds, Scale scale)
    {
        var aSecond = scale.Pick(full: 100, smoke: 10);
        foreach (var durability in new[] { Durability.Received, Durability.Committed })
        {
            await using var load = new RankingLoad(durability);
            await load.FillAsync(scale.Pick(full: 40_000, smoke: 400));
            await load.LoadAsync(seconds, aSecond, scale.Pick(full: 200, smoke: 5), durability);
            await load.FreezeAsync(scale.Pick(full: 50, smoke: 8), durability);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _grid.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    // Every event of an order's life that the bundle knows, in the hours before now.
    private async Task FillAsync(int orders)
    {
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
        string[] life = ["order_placed", "order_accepted", "order_ready", "courier_arrived", "order_picked_up", "order_delivered", "rating_given"];
        var known = life.Select(type => _bundle.Definitions.Events.FirstOrDefault(plan => plan.Name == type)).OfType<EventPlan>().ToList();
        for (var i = 0; i < orders; i++)
        {
            var placed = now - _random.Next(6 * 3_600_000);
            var names = Names(i);
            for (var step = 0; step < known.Count && placed + (step * 420_000L) <= now; step++)
            {
                var receipt = await _grid.IngestAsync(Make(known[step], names, placed + (step * 420_000L)), default);
                if (receipt.Outcome != EventOutcome.Accepted)
                {
                    throw new InvalidOperationException($"An event was {receipt.Outcome}: {receipt.ValidationError}");
                }
            }
        }
    }

    private Dictionary<string, FieldValue> Names(int order) => new(StringComparer.Ordinal)
    {
        ["user"] = $"u{_random.Next(Users)}",
        ["restaurant"] = $"r{_random.Next(Restaurants)}",
        ["courier_area"] = $"a{_random.Next(Areas)}",
        ["courier"] = $"c{_random.Next(300)}",
        ["cuisine"] = Cuisines[_random.Next(Cuisines.Length)],
        ["order_id"] = $"o{order}",
        ["order"] = $"o{order}",
        ["stars"] = (long)_random.Next(1, 6),
        ["rating"] = (long)_random.Next(1, 6),
        ["is_asap"] = true,
        ["order_total"] = 25.50m,
    };

    private static Event Make(EventPlan plan, Dictionary<string, FieldValue> names, long at)
    {
        var happened = new Event(plan.Name, plan.Fields.Count);
        foreach (var field in plan.Fields.Where(field => field.IsSent))
        {
            if (field.Name == plan.Fields[plan.TimeSlot].Name)
            {
                happened.Add(field.Name, EventTime.FromUnixMilliseconds(at));
            }
            else if (names.TryGetValue(field.Name, out var value))
            {
                happened.Add(field.Name, value);
            }
            else if (field.Name == plan.Fields[plan.IdSlot].Name)
            {
                happened.Add(field.Name, $"{plan.Name}-{names["order_id"].Text}");
            }
        }

        return happened;
    }

    private (Event Request, List<Event> Candidates) Call()
    {
        var plan = _bundle.Decisions.Single(decision => decision.Name == Decision);
        var request = new Event(plan.On.Name)
        {
            [plan.On.Fields[plan.On.IdSlot].Name] = $"s{Interlocked.Increment(ref _ids)}",
            ["user"] = $"u{_random.Next(Users)}",
            ["basket"] = 30m,
        };
        var first = _random.Next(Restaurants);
        return (request, [.. Enumerable.Range(0, Candidates).Select(i => new Event("restaurant", 4)
        {
            ["restaurant"] = $"r{(first + (i * 7)) % Restaurants}",
            ["courier_area"] = $"a{i % Areas}",
            ["cuisine"] = Cuisines[i % Cuisines.Length],
            ["distance_km"] = _random.Next(100, 9_000) / 1000m,
        })]);
    }

    private async Task LoadAsync(int seconds, int aSecond, int warmUp, Durability durability)
    {
        for (var i = 0; i < warmUp; i++) // Compiled and warm.
        {
            var (request, candidates) = Call();
            await _grid.RankAsync(Decision, request, candidates, default);
        }

        var parts = new ConcurrentDictionary<string, ConcurrentQueue<double>>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, to) =>
        {
            if (instrument.Meter.Name == "Grid.Engine" && instrument.Name.StartsWith("grid.engine.rank.", StringComparison.Ordinal))
            {
                to.EnableMeasurementEvents(instrument);
            }
        }
        };
        listener.SetMeasurementEventCallback<double>((instrument, value, _, _) => parts.GetOrAdd(instrument.Name, _ => []).Enqueue(value));
        listener.Start();

        var calls = Enumerable.Range(0, seconds * aSecond).Select(_ => Call()).ToArray();
        var took = new double[calls.Length];
        var timedOut = 0;
        var running = new Task[calls.Length];
        var started = Stopwatch.GetTimestamp();
        for (var i = 0; i < calls.Length; i++)
        {
            var due = TimeSpan.FromSeconds((double)i / aSecond);
            while (Stopwatch.GetElapsedTime(started) is var now && now < due)
            {
                await Task.Delay(due - now, TimeProvider.System);
            }

            running[i] = OneAsync(i, due);
        }

        await Task.WhenAll(running);
        Array.Sort(took);
        var (gather, model) = (Rounds.Median(parts["grid.engine.rank.fetch.duration"]), Rounds.Median(parts["grid.engine.rank.model.duration"]));
        Print($"rank {durability}: {Candidates} candidates, {aSecond} a second, {calls.Length} calls: p50 {At(0.5):0.00} ms, p99 {At(0.99):0.00} ms, most {took[^1]:0.00} ms; "
            + $"{timedOut} calls missed something at the deadline");
        Print($"rank {durability}: gather over model run {gather / model:0.00} (medians: {gather * 1e6:0} us over {model * 1e6:0} us)");

        double At(double part) => took[(int)(part * (took.Length - 1))];

        async Task OneAsync(int i, TimeSpan due)
        {
            var ranking = await _grid.RankAsync(Decision, calls[i].Request, calls[i].Candidates, default);
            took[i] = (Stopwatch.GetElapsedTime(started) - due).TotalMilliseconds;
            if (ranking.TimedOut.Count > 0)
            {
                Interlocked.Increment(ref timedOut);
            }
        }
    }

    // The deadline as the bundle declares it; the shard of one candidate's restaurant is held for 200 ms.
    private async Task FreezeAsync(int calls, Durability durability)
    {
        var deadline = _bundle.Decisions.Single(decision => decision.Name == Decision).Freshness?.Deadline;
        var took = new List<double>();
        var named = 0;
        for (var i = 0; i < calls; i++)
        {
            var (request, candidates) = Call();
            var frozen = $"frozen{i}"; // Never asked before, so there is no copy of it.
            candidates[0]["restaurant"] = frozen;
            var shard = _grid.Core.ShardOf(_grid.Core.KindsByName["restaurant"].Ordinal, frozen);
            if (shard == _grid.Core.ShardOf(_grid.Core.KindsByName["user"].Ordinal, request["user"].Text!))
            {
                continue; // The owner's own turn is waited for, whatever the deadline.
            }

            using var held = new ManualResetEventSlim();
            var hold = new Hold(held);
            var holder = new Thread(() => Scheduler.Send(shard, hold));
            holder.Start();
            held.Wait();
            var started = Stopwatch.GetTimestamp();
            var ranking = await _grid.RankAsync(Decision, request, candidates, default);
            took.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
            named += ranking.TimedOut.Contains(new("restaurant", frozen)) ? 1 : 0;
            holder.Join();
        }

        took.Sort();
        Print($"deadline {durability}: of {deadline?.TotalMilliseconds} ms, an owner frozen for 200 ms, {took.Count} calls: p50 {Rounds.Median(took):0.0} ms, most {took[^1]:0.0} ms; "
            + $"{took.Count(one => one <= 25)} within 25 ms, {named} named the owner");
    }

    private static void Print(string line) => Console.WriteLine(line);

    private sealed class Hold(ManualResetEventSlim held) : ShardMessage
    {
        public override void RunOnShard(Shard shard)
        {
            held.Set();
            Thread.CurrentThread.Join(200); // Sleeps.
        }
    }
}
