using Grid.Decisions.Turns;
using Grid.Engine;
using Grid.Features.Plans;
using Grid.Features.Rows;

namespace Grid.Cli.Freshness;

/// <summary>Has one request rank what it was shown, and scores every candidate again in every variation.</summary>
internal sealed class RankingJudge(EmbeddedGrid grid, RankingResults results, Variations variations, TimeProvider time)
{
    private readonly Dictionary<(ReadCosts, string), EntityFeatures[]> _read = [];
    private readonly RankFrame _frame = new();

    public async Task JudgeAsync(Event asked, EventTime at, IReadOnlyList<(Event Candidate, bool Chosen)> shown)
    {
        results.Asked(at);
        Fill(asked, shown);
        var isJudged = shown.Any(one => one.Chosen);

        // Others are read before the turn, as the decision does; the owner after it, for the event counts in what the owner reads.
        foreach (var costs in results.Costs.Where(costs => !costs.IsOwn))
        {
            await ReadAsync(costs, at, isJudged);
        }

        var made = await grid.RankAsync(results.Decision.Name, asked, [.. shown.Select(one => one.Candidate)], CancellationToken.None);
        await ReadAsync(results.Costs.Single(costs => costs.IsOwn), at, isJudged);
        if (!isJudged)
        {
            return;
        }

        var scores = new double[variations.Count][];
        for (var variation = 0; variation < scores.Length; variation++)
        {
            scores[variation] = new double[shown.Count];
        }

        for (var i = 0; i < shown.Count; i++)
        {
            TakeReads(_frame[i].Row);
            var candidate = i;
            variations.Score(_frame[i], [], (variation, numbers) => scores[variation][candidate] = numbers[0]);
            var key = _frame[i].Row[results.Decision.Candidates!.KeySlot].Text;
            results.Compare(made.Items.Single(item => item.Key == key), scores[0][i]);
        }

        results.Take(scores, [.. shown.Select(one => one.Chosen)]);
    }

    private void Fill(Event asked, IReadOnlyList<(Event Candidate, bool Chosen)> shown)
    {
        var row = new EventRow();
        var latest = EventTime.FromUnixMilliseconds(EventTime.MaxUnixMilliseconds);
        if (!RowReader.TryRead(asked, results.Decision.On, default, latest, row, out var fault))
        {
            throw GridException.Invalid(fault);
        }

        _frame.Begin(results.Decision, row);
        foreach (var (candidate, _) in shown)
        {
            if (!_frame.TryAdd(candidate, out fault))
            {
                throw GridException.Invalid(fault!);
            }
        }
    }

    /// <summary>Reads an entity kind's features for all candidates: each entity once, at every age where they are needed.</summary>
    private async Task ReadAsync(ReadCosts costs, EventTime at, bool isJudged)
    {
        for (var i = 0; i < _frame.Count; i++)
        {
            if (_frame[i].Row[costs.Read.KeySlot].Text is not { Length: > 0 } key || _read.ContainsKey((costs, key)))
            {
                continue;
            }

            costs.Needed(key, at);
            var read = _read[(costs, key)] = isJudged ? new EntityFeatures[Ages.Milliseconds.Length] : [];
            for (var age = 0; age < read.Length; age++)
            {
                var started = time.GetTimestamp();
                read[age] = await grid.ReadFeaturesAsync(new(costs.Read.Kind.Name, key), Ages.Before(at, age), CancellationToken.None);
                if (age == 0)
                {
                    costs.Took(started, time.GetTimestamp(), time.TimestampFrequency);
                }
            }
        }
    }

    private void TakeReads(EventRow candidate)
    {
        foreach (var costs in results.Costs)
        {
            if (candidate[costs.Read.KeySlot].Text is not { Length: > 0 } key)
            {
                variations.TakeNone(costs.Read);
                continue;
            }

            var read = _read[(costs, key)];
            for (var age = 0; age < read.Length; age++)
            {
                variations.Take(costs.Read, age, read[age]);
            }
        }
    }
}
