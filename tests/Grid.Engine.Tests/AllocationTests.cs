namespace Grid.Engine.Tests;

public sealed class AllocationTests
{
    [Fact]
    public void A_decision_in_steady_state_allocates_nothing_but_its_answer()
    {
        using var folder = new TestFolder();
        var grid = Fraud.Open(folder, options => (options.Durability, options.FlushEvery) = (Durability.Received, TimeSpan.FromMinutes(1)));
        const int Warm = 3_000, Rounds = 10, Counted = 200;
        var payments = new Event[Warm + (Rounds * Counted)];
        for (var i = 0; i < payments.Length; i++)
        {
            // Cards and terminals are known by the time that is counted; every id is new, and all lie in the windows.
            payments[i] = Fraud.Payment($"t{i}", $"c{i % 20}", $"m{i % 5}", i);
        }

        Decision last = null!;
        for (var i = 0; i < Warm; i++)
        {
            last = Decide(grid, payments[i]);
        }

        // In a round the journal's buffer may grow to what the disk's pace asks for; that is not the decisions' own, so the least round counts.
        var least = long.MaxValue;
        for (var round = 0; round < Rounds; round++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < Counted; i++)
            {
                last = Decide(grid, payments[Warm + (round * Counted) + i]);
            }

            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        var answer = BytesOf(last);
        grid.Abandon();

        Assert.Equal(answer * Counted, least);
    }

    private static Decision Decide(EmbeddedGrid grid, Event payment)
    {
        var call = grid.DecideAsync("authorize", payment, default);
        return call.IsCompleted ? call.Result : throw new InvalidOperationException("A call that nobody disturbs completes at once.");
    }

    /// <summary>What an answer is made of and does not share with others: itself, its id, its features.</summary>
    private static long BytesOf(Decision decision)
    {
        Decision? copy = null;
        var bytes = Allocations.Of(() =>
        {
            var id = new string('x', decision.Id.Length);
            var features = new FeatureReading[decision.Features.Count];
            copy = new Decision
            {
                Id = id,
                Name = decision.Name,
                Owner = decision.Owner,
                EventId = decision.EventId,
                At = decision.At,
                Action = decision.Action,
                Score = decision.Score,
                Reasons = decision.Reasons,
                Features = features,
                Model = decision.Model,
                Bundle = decision.Bundle,
                Fallback = decision.Fallback,
            };
        });
        GC.KeepAlive(copy);
        return bytes;
    }
}
