using Grid.Decisions;
using Grid.Testing;

namespace Grid.Engine.Tests;

public sealed class CompletionsTests
{
    [Fact]
    public async Task Who_waits_for_what_was_added_is_told_when_the_last_of_it_is_taken_up()
    {
        using var folder = new TestFolder();
        await using var grid = EmbeddedGrid.Open(BundleReader.Read(Repository.Bundle("fraud")), folder.Options(), TimeProvider.System);
        var (completions, random) = (new Completions(), new Random(1));

        for (var round = 0; round < 20_000; round++)
        {
            for (var calls = random.Next(1, 9); calls > 0; calls--)
            {
                var request = grid.Core.Requests.Take();
                request.Completion.BeginAsPartOf(null);
                completions.Add(request.Completion);
            }

            Assert.True(completions.WaitUntilTakenUp(30_000), $"round {round}: nobody was told.");
        }

        Assert.True(SpinWait.SpinUntil(() => grid.Core.Calls == 0, TimeSpan.FromSeconds(30)), $"{grid.Core.Calls} calls never ended.");
    }
}
