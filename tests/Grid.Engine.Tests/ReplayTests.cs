namespace Grid.Engine.Tests;

public sealed class ReplayTests
{
    private static readonly long[] Moments = [100, 4_000, (7 * 86400) + 100, (7 * 86400) + 4_000, (8 * 86400) + 4_000];

    [Fact]
    public async Task A_replay_of_the_journal_makes_every_decision_again_to_the_last_bit()
    {
        using var folder = new TestFolder();
        using var replayed = new TestFolder();
        EntityId[] entities = [.. Enumerable.Range(0, 9).Select(i => new EntityId("card", $"c{i}")), .. Enumerable.Range(0, 4).Select(i => new EntityId("terminal", $"m{i}"))];
        string live;
        await using (var grid = Fraud.Open(folder))
        {
            var random = new Random(3);
            for (var i = 0; i < 400; i++)
            {
                var payment = Fraud.Payment($"t{i}", $"c{random.Next(9)}", $"m{random.Next(4)}", random.Next(4_000), random.Next(1, 9_999) / 100m);
                if (i % 4 == 3)
                {
                    await grid.IngestAsync(payment, default);
                }
                else
                {
                    await grid.DecideAsync("authorize", payment, default);
                }

                // Some labels come before their event.
                await grid.IngestAsync(Fraud.Report($"t{random.Next(420)}", 4_000 + i, isFraud: random.Next(3) > 0), default);
                if (i % 90 == 89)
                {
                    await grid.CheckpointAsync(default);
                }
            }

            live = await Fraud.PortraitAsync(grid, entities, Moments);
        }

        await using var again = Fraud.Open(replayed, options => options.Durability = Durability.Received);
        var decisions = 0;
        foreach (var entry in JournalHistory.Read(folder.Path, Fraud.Bundle))
        {
            if (entry.Decision is not { } made)
            {
                Assert.Equal(EventOutcome.Accepted, (await again.IngestAsync(entry.Event, default)).Outcome);
                continue;
            }

            var remade = await again.DecideAsync(made.Name, entry.Event, default);
            Assert.Equal((made.Action, made.Score, made.EventId, made.At, made.Model), (remade.Action, remade.Score, remade.EventId, remade.At, remade.Model));
            Assert.Equal(made.Features, remade.Features);
            decisions++;
        }

        Assert.Equal(300, decisions);
        Assert.Equal(live, await Fraud.PortraitAsync(again, entities, Moments));
    }
}
