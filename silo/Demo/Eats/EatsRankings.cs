using System.Collections.Concurrent;
using Grid.Simulation.Eats;

namespace Grid.Silo.Demo.Eats;

/// <summary>A search of the day that was followed by an order: at which place the ranking had that restaurant (null where it left it out), and at which it would be by distance.</summary>
internal readonly record struct EatsChoice(int? Place, int PlaceByDistance);

/// <summary>The searches of the day, each ranked over the restaurants that it could show.</summary>
internal sealed class EatsRankings(DemoCaller caller, TimeProvider time)
{
    private readonly ConcurrentQueue<TimeSpan> _latencies = new();
    private readonly ConcurrentQueue<EatsChoice> _choices = new();
    private int _timedOut;
    private int _late;

    /// <summary>From before each request to after its answer, at the caller.</summary>
    public IReadOnlyCollection<TimeSpan> Latencies => _latencies;

    public IReadOnlyCollection<EatsChoice> Choices => _choices;

    /// <summary>The last one asked for by a user who looked for a cuisine by name and whose favourite one was shown, too; null where there was none.</summary>
    public Ranking? Sample { get; private set; }

    /// <summary>How many rankings had something that did not come by the deadline; each says what.</summary>
    public int TimedOut => _timedOut;

    /// <summary>How many had candidates that the fallback model scored.</summary>
    public int Late => _late;

    public async Task AskAsync(CityEvent search, IReadOnlyList<CityEvent> shown, CancellationToken cancellation)
    {
        var asked = time.GetTimestamp();
        var ranking = await caller.RankAsync("rank", search.ToEvent(), [.. shown.Select(one => one.ToCandidate())], cancellation);
        _latencies.Enqueue(time.GetElapsedTime(asked));
        if (ranking.TimedOut.Count > 0)
        {
            Interlocked.Increment(ref _timedOut);
        }

        if (ranking.FallbackModel is not null)
        {
            Interlocked.Increment(ref _late);
        }

        if (search.Searched is not null && (Sample is null || Sample.At < ranking.At)
            && ranking.Items.Any(item => item.Features.Any(feature => feature is { Name: "favourite_match", Value: 1 })))
        {
            Sample = ranking;
        }

        if (shown.FirstOrDefault(one => one.Chosen == true) is { } chosen)
        {
            var place = ranking.Items.First(item => item.Key == chosen.Restaurant).Place;
            _choices.Enqueue(new(place, 1 + shown.Count(one => one.DistanceKilometres < chosen.DistanceKilometres)));
        }
    }
}
