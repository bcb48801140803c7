using System.Collections.Concurrent;
using System.Globalization;
using Grid.Simulation.Eats;
using Spectre.Console;

namespace Grid.Silo.Demo.Eats;

/// <summary>An order of the day that was delivered, with what was said of it when it was placed.</summary>
/// <param name="PlacedAt">When.</param>
/// <param name="Seconds">How long it took.</param>
/// <param name="Said">The decision `eta`.</param>
internal sealed record EatsArrival(DateTimeOffset PlacedAt, double Seconds, Decision Said)
{
    public double Output(string name) => Said.Outputs.First(output => output.Name == name).Value;
}

/// <summary>The day that is driven: what happens is told when its time of the day comes; a search is ranked, and an order that is placed is asked for its arrival time.</summary>
internal sealed class EatsDay
{
    private static readonly string[] SaidOutputs = ["p20_s", "p50_s", "p80_s"];
    private readonly Dictionary<string, Task<Decision>> _said = [];
    private readonly ConcurrentQueue<TimeSpan> _latencies = new();
    private readonly List<EatsArrival> _arrivals = [];
    private readonly DemoCaller _caller;
    private readonly DateTimeOffset _start;
    private readonly TimeProvider _time;
    private readonly ILookup<string?, CityEvent> _shown;
    private int _hour;

    private EatsDay(DemoCaller caller, DateTimeOffset start, IReadOnlyList<CityEvent> events, TimeProvider time)
    {
        (_caller, _start, _time) = (caller, start, time);
        Rankings = new(caller, time);
        _shown = events.Where(happened => happened.Type == CityEvent.Shown).ToLookup(shown => shown.Search);
        Events = events.Count(happened => happened.Type != CityEvent.Shown);
    }

    public DateTimeOffset Start => _start;

    public EatsRankings Rankings { get; }

    /// <summary>From before each request for an arrival time to after its answer, at the caller.</summary>
    public IReadOnlyCollection<TimeSpan> Latencies => _latencies;

    /// <summary>In the order of the deliveries.</summary>
    public IReadOnlyList<EatsArrival> Arrivals => _arrivals;

    /// <summary>How many were told, searches and orders among them.</summary>
    public int Events { get; }

    /// <summary>How long the day took to drive.</summary>
    public TimeSpan Took { get; private set; }

    public static async Task<EatsDay> DriveAsync(
        IReadOnlyList<CityEvent> events, DateTimeOffset dayStart, DemoCaller caller, CityClock clock, TimeSpan takes, CancellationToken cancellation)
    {
        var day = new EatsDay(caller, dayStart, events, clock);
        AnsiConsole.WriteLine();
        AnsiConsole.Write(new Rule($"[bold]{dayStart:yyyy-MM-dd}[/], {day.Events.ToString("N0", CultureInfo.InvariantCulture)} events, a ranking for each search, an arrival time for each order") { Justification = Justify.Left });
        AnsiConsole.MarkupLine("Each area at the hour: its open orders, and its couriers, free and busy");
        var started = clock.GetTimestamp();
        var underWay = new List<Task>();
        foreach (var happened in events.Where(happened => happened.Type != CityEvent.Shown))
        {
            var due = takes * ((happened.At - dayStart) / TimeSpan.FromDays(1)) - clock.GetElapsedTime(started);
            if (due > TimeSpan.FromMilliseconds(5))
            {
                await Task.Delay(due, clock, cancellation);
            }

            clock.Reach(happened.At);
            await day.ShowHoursAsync(happened.At, cancellation);
            underWay.Add(day.TellAsync(happened, cancellation));
        }

        await Task.WhenAll(underWay);
        day.Took = clock.GetElapsedTime(started);
        AnsiConsole.WriteLine();
        return day;
    }

    private async Task TellAsync(CityEvent happened, CancellationToken cancellation)
    {
        switch (happened.Type)
        {
            case "search" when _shown[happened.Id].ToList() is [_, ..] shown:
                await Rankings.AskAsync(happened, shown, cancellation);
                break;
            case "order_placed":
                await (_said[happened.Id] = AskAsync(happened.ToEvent(), cancellation));
                break;
            case "order_delivered" when _said.TryGetValue(happened.Id, out var asked):
                // The app sends along what it was told: from it the grid learns how far off the model is today.
                var said = await asked;
                var told = happened.ToEvent();
                foreach (var output in said.Outputs.Where(output => SaidOutputs.Contains(output.Name) && output.Value >= 1))
                {
                    told[$"said_{output.Name}"] = Math.Round((decimal)output.Value, 3);
                }

                lock (_arrivals)
                {
                    _arrivals.Add(new(happened.PlacedAt!.Value, (happened.At - happened.PlacedAt.Value).TotalSeconds, said));
                }

                await _caller.TellAsync(told, cancellation);
                break;
            default:
                await _caller.TellAsync(happened.ToEvent(), cancellation);
                break;
        }
    }

    private async Task<Decision> AskAsync(Event placed, CancellationToken cancellation)
    {
        var asked = _time.GetTimestamp();
        var said = await _caller.DecideAsync("eta", placed, cancellation);
        _latencies.Enqueue(_time.GetElapsedTime(asked));
        return said;
    }

    /// <summary>Every two hours of the day: how busy each area is at that moment.</summary>
    private async Task ShowHoursAsync(DateTimeOffset now, CancellationToken cancellation)
    {
        var hour = (int)(now - _start).TotalHours;
        if (hour < 10 || hour == _hour || hour % 2 != 0)
        {
            return;
        }

        _hour = hour;
        var areas = new List<string>();
        foreach (var area in City.Areas)
        {
            var read = await _caller.FeaturesAsync(new("courier_area", area), EventTime.From(now), cancellation);
            areas.Add(string.Create(
                CultureInfo.InvariantCulture,
                $"{area} {read["open_orders"].Value:0} open, {read["free_couriers"].Value:0} free {read["busy_couriers"].Value:0} busy"));
        }

        AnsiConsole.MarkupLine(string.Create(CultureInfo.InvariantCulture, $"[bold]{hour:00}:00[/]  {Markup.Escape(string.Join("   ", areas))}"));
    }
}
