namespace Grid.Engine.Tests;

public sealed class CompletionsTests
{
    [Fact]
    public async Task Who_waits_for_what_was_added_is_told_when_the_last_of_it_is_taken_up()
    {
        using var folder = new TestFolder();
        await using var grid = Fraud.Open(folder);
        var (completions, random) = (new Completions(), new Random(1));
        var all = grid.Core.Requests.Take().Completion; // It ends with the last of them.
        all.Begin();
        var ended = new ValueTask<EventReceipt>(all, all.Version).AsTask();

        for (var round = 0; round < 20_000; round++)
        {
            for (var calls = random.Next(1, 9); calls > 0; calls--)
            {
                var request = grid.Core.Requests.Take();
                all.AddParts(1);
                request.Completion.BeginAsPartOf(all);
                completions.Add(request.Completion);
            }

            Assert.True(completions.WaitUntilTakenUp((int)Limit.Generous.TotalMilliseconds), $"round {round}: nobody was told.");
        }

        all.Answer(EventReceipt.Rejected(new("", "", "")));
        all.PartDone(null);
        await ended.InTime();
        Assert.Equal(0, grid.Core.Calls);
    }
}
