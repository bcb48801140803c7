using Grid.Simulation.Fraud;

namespace Grid.Engine.Tests;

/// <summary>Months of simulated payments with their labels: lived through, told again from the journal, and made anew from it.</summary>
public sealed class SimulatedJournalTests
{
    private const int Payments = 16_000;

    private static readonly FraudSimulationOptions World = new() { Customers = 90, Terminals = 60, Days = 183, Radius = 20, Seed = 5, CompromisedTerminalsPerDay = 1, CompromisedCardsPerDay = 1 };

    [Fact]
    public async Task Living_replaying_and_rebuilding_agree_to_the_last_bit()
    {
        using var folder = new TestFolder();
        using var other = new TestFolder();
        string live;
        List<Decision> made;
        long[] moments;
        EntityId[] entities = [.. Enumerable.Range(0, World.Customers).Select(i => new EntityId("card", $"c{i}")), .. Enumerable.Range(0, World.Terminals).Select(i => new EntityId("terminal", $"m{i}"))];
        await using (var grid = Open(folder))
        {
            long last;
            (made, last) = await LiveAsync(grid);
            moments = [last, last - (10 * 86_400), last - (33 * 86_400), last + (7 * 86_400)];
            live = await Fraud.PortraitAsync(grid, entities, moments);
        }

        await using (var replayed = Open(other))
        {
            var decisions = 0;
            foreach (var entry in JournalHistory.Read(folder.Path, Fraud.Bundle))
            {
                if (entry.Decision is not { } decision)
                {
                    Assert.Equal(EventOutcome.Accepted, (await replayed.IngestAsync(entry.Event, default)).Outcome);
                    continue;
                }

                Same(made[decisions], decision);
                Same(made[decisions++], await replayed.DecideAsync(decision.Name, entry.Event, default));
            }

            Assert.Equal(made.Count, decisions);
            Assert.Equal(live, await Fraud.PortraitAsync(replayed, entities, moments));
        }

        await using (var restored = Open(folder))
        {
            Assert.Equal(live, await Fraud.PortraitAsync(restored, entities, moments));
            await restored.WriteAsync(database => database.WriteMeta(Recovery.LayoutMeta, "another"));
            restored.Abandon();
        }

        await using var rebuilt = Open(folder);
        Assert.False(rebuilt.Core.HasSnapshots);
        Assert.Equal(live, await Fraud.PortraitAsync(rebuilt, entities, moments));
    }

    /// <summary>A fraud is reported a week after its payment, every ninth of them at once as well, and some are taken back.</summary>
    private static async Task<(List<Decision> Made, long Last)> LiveAsync(EmbeddedGrid grid)
    {
        var made = new List<Decision>();
        var reports = new PriorityQueue<Event, long>();
        var (count, last) = (0, 0L);
        foreach (var payment in FraudSimulation.Transactions(World).Take(Payments))
        {
            last = (payment.At.ToUnixTimeMilliseconds() - Fraud.Start) / 1_000;
            while (reports.TryPeek(out var report, out var at) && at <= last)
            {
                await grid.IngestAsync(report, default);
                reports.Dequeue();
            }

            var sent = Fraud.Payment($"t{payment.TransactionId}", $"c{payment.CustomerId}", $"m{payment.TerminalId}", last, payment.Amount);
            if (++count % 10 == 0)
            {
                await grid.IngestAsync(sent, default);
            }
            else
            {
                made.Add(await grid.DecideAsync("authorize", sent, default));
            }

            if (payment.Fraud || count % 8 == 0)
            {
                var known = last + (count % 9 == 0 ? 1 : 7 * 86_400);
                reports.Enqueue(Fraud.Report($"t{payment.TransactionId}", known, payment.Fraud || count % 16 == 0), known);
                if (count % 5 == 0)
                {
                    reports.Enqueue(Fraud.Report($"t{payment.TransactionId}", known + 86_400, isFraud: false), known + 86_400);
                }
            }

            if (count % 4_000 == 0)
            {
                await grid.CheckpointAsync(default);
            }
        }

        Assert.Equal(Payments, count);
        return (made, last);
    }

    private static EmbeddedGrid Open(TestFolder folder) => Fraud.Open(
        folder, options => (options.Durability, options.Retention, options.MaxResidentEntities) = (Durability.Received, TimeSpan.FromDays(1_000), 100));

    private static void Same(Decision one, Decision other)
    {
        Assert.Equal((one.Action, one.Score, one.EventId, one.At, one.Model), (other.Action, other.Score, other.EventId, other.At, other.Model));
        Assert.Equal(one.Features, other.Features);
        Assert.Equal(one.Reasons, other.Reasons);
    }
}
