using System.Collections.Concurrent;
using System.Globalization;

namespace Grid.Drills;

/// <summary>
/// Reads back every card, terminal and decision after the load has ended, and compares with what the callers know: each acknowledged event counted exactly
/// once, in whichever entities hear of it, each decision found as it was answered. A terminal may hear of a payment a little later than its card where a silo
/// died between the two: it is read again until it has, for a while.
/// </summary>
internal sealed class Audit(Asking asking, Traffic traffic)
{
    private const int AtOnce = 32;

    private readonly long _started = TimeProvider.System.GetTimestamp();
    private long _lastHeard;

    /// <summary>What was compared, in words.</summary>
    /// <exception cref="DrillException">Something was lost, counted twice, or decided on less or more than whole turns; all findings are told.</exception>
    public async Task<string> RunAsync()
    {
        var findings = new List<string>();
        var all = traffic.All.ToArray();
        foreach (var payment in all.Where(payment => !payment.Acknowledged || payment.Reported != payment.ReportAcknowledged))
        {
            findings.Add($"{payment.Id} was never answered.");
        }

        var byCard = all.ToLookup(payment => payment.Card);
        var byTerminal = all.ToLookup(payment => payment.Terminal);
        await EachAsync(traffic.Cards, async (card, random) => Tell(await CardAsync(card, [.. byCard[card]], random)));
        Tell(await TerminalsInTheEndAsync(byTerminal));
        var decided = all.Where(payment => payment.First is not null).ToArray();
        await EachAsync(decided, async (payment, random) => Tell(await FoundAsync(payment, random)));
        foreach (var card in traffic.Cards.Where(Traffic.IsStrict))
        {
            Tell(TurnOrder.Faults(card, [.. byCard[card]]));
        }

        if (findings.Count > 0)
        {
            throw new DrillException($"{findings.Count} findings:\n  {string.Join("\n  ", findings.Take(40))}");
        }

        return string.Create(
            CultureInfo.InvariantCulture,
            $"{all.Length} payments ({decided.Length} decisions) and {all.Count(payment => payment.Reported)} reports, each counted once in {traffic.Cards.Count} cards and {traffic.Terminals.Count} terminals; every decision found as it was answered, and in one order of turns{(_lastHeard == 0 ? "" : $"; the last terminal heard of its payments {TimeProvider.System.GetElapsedTime(_started, _lastHeard).TotalSeconds:0.0} s after the load's end")}");

        void Tell(IEnumerable<string> more)
        {
            lock (findings)
            {
                findings.AddRange(more);
            }
        }
    }

    /// <summary>Reads every entity, and compares nothing.</summary>
    public Task TouchAsync() => EachAsync(
        traffic.Cards.Select(card => new EntityId("card", card)).Concat(traffic.Terminals.Select(terminal => new EntityId("terminal", terminal))),
        (entity, random) => ReadAsync(entity, traffic.Start.UnixMilliseconds, random));

    /// <summary>Compares one more count of every card, whose window holds all payments.</summary>
    /// <exception cref="DrillException">It is not what the callers know.</exception>
    public async Task CompareAsync(string feature)
    {
        var findings = new List<string>();
        var byCard = traffic.All.ToLookup(payment => payment.Card);
        await EachAsync(traffic.Cards, async (card, random) =>
        {
            var features = await ReadAsync(new("card", card), traffic.Start.UnixMilliseconds + Traffic.Day, random);
            lock (findings)
            {
                Compare(findings, features, feature, byCard[card].Count(), 0);
            }
        });
        if (findings.Count > 0)
        {
            throw new DrillException($"{findings.Count} findings:\n  {string.Join("\n  ", findings.Take(40))}");
        }
    }

    private async Task<List<string>> CardAsync(string card, Payment[] mine, Random random)
    {
        var findings = new List<string>();
        var features = await ReadAsync(new("card", card), traffic.Start.UnixMilliseconds + Traffic.Day, random);
        Compare(findings, features, "tx_count_7d", mine.Length, 0);
        Compare(findings, features, "tx_count_30d", mine.Length, 0);
        if (mine.Length > 0)
        {
            Compare(findings, features, "amount_mean_30d", (double)mine.Sum(payment => payment.Cents) / 100 / mine.Length, 1e-9);
        }

        return findings;
    }

    /// <summary>Reads every terminal, and again those that have not heard of everything yet, one after another, until all have.</summary>
    private async Task<List<string>> TerminalsInTheEndAsync(ILookup<string, Payment> byTerminal)
    {
        using var limit = new CancellationTokenSource(DrillLimit.Time, TimeProvider.System);
        var late = new ConcurrentBag<string>();
        await EachAsync(traffic.Terminals, async (terminal, random) =>
        {
            if ((await TerminalAsync(terminal, [.. byTerminal[terminal]], random)).Count > 0)
            {
                late.Add(terminal);
            }
        });

        var random = new Random(1);
        var findings = new List<string>();
        foreach (var terminal in late)
        {
            List<string> wrong;
            while ((wrong = await TerminalAsync(terminal, [.. byTerminal[terminal]], random)).Count > 0 && !limit.IsCancellationRequested)
            {
                _lastHeard = TimeProvider.System.GetTimestamp();
            }

            findings.AddRange(wrong);
        }

        return findings;
    }

    private async Task<List<string>> TerminalAsync(string terminal, Payment[] mine, Random random)
    {
        // The terminal's windows end seven days before the moment of reading.
        var findings = new List<string>();
        var features = await ReadAsync(new("terminal", terminal), traffic.Start.UnixMilliseconds + (8 * Traffic.Day), random);
        Compare(findings, features, "tx_count_7d", mine.Length, 0);
        if (mine.Length > 0)
        {
            Compare(findings, features, "risk_7d", (double)mine.Count(payment => payment.Reported) / mine.Length, 1e-12);
        }

        return findings;
    }

    private async Task<string[]> FoundAsync(Payment payment, Random random)
    {
        var first = payment.First!;
        var found = await asking.AskAsync($"decision {first.Id}", grid => grid.FindDecisionAsync(first.Id, default), random);
        return found is null ? [$"Decision {first.Id} of {payment.Id} is not found."]
            : SameDecision.Difference(first, found) is { } difference ? [$"Decision {first.Id} of {payment.Id} was answered and is kept otherwise: {difference}"]
            : [];
    }

    private async Task<EntityFeatures> ReadAsync(EntityId entity, long at, Random random) =>
        await asking.AskAsync($"features of {entity}", grid => grid.ReadFeaturesAsync(entity, EventTime.FromUnixMilliseconds(at), default), random);

    private static void Compare(List<string> findings, EntityFeatures features, string name, double expected, double tolerance)
    {
        var found = features[name].Value;
        if (!(Math.Abs(found - expected) <= tolerance * Math.Max(1, Math.Abs(expected))))
        {
            findings.Add(string.Create(CultureInfo.InvariantCulture, $"{features.Entity} {name}: {found}; the callers know of {expected}."));
        }
    }

    private static Task EachAsync<T>(IEnumerable<T> items, Func<T, Random, Task> read) => Parallel.ForEachAsync(
        items, new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (item, _) => await read(item, new Random(1)));
}
