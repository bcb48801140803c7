namespace Grid.Engine.Tests;

public sealed class WorkRationTests
{
    [Fact]
    public void One_piece_goes_along_while_calls_wait_and_more_and_more_while_none_does()
    {
        var ration = new WorkBudget();

        Assert.Equal([1, 1, 1, 2, 1, 1, 2, 3, 4, 5, 6, 7, 8, 8, 1, 1], "aaqqaqqqqqqqqqaq".Select(commit => ration.Next(commit == 'a')));
    }
}
