namespace Grid.Models.Tests;

public sealed class FailureTests : IDisposable
{
    private const float OffTheTable = 9e6f;
    private readonly ModelCatalog _catalog = new();

    public void Dispose() => _catalog.Dispose();

    [Fact]
    public void A_model_that_fails_on_a_row_is_a_status_and_the_next_good_row_is_scored()
    {
        using var scorer = _catalog.Publish(Samples.Source("gather.onnx")).CreateScorer(1);
        for (var i = 0; i < 3; i++)
        {
            scorer.Row(0)[0] = OffTheTable;
            Assert.Equal(ScoreStatus.ModelFailed, scorer.Run(1));
            Assert.True(float.IsNaN(scorer.Scores[0]));
            Assert.StartsWith($"Model 'fraud' version {scorer.Model.Version} failed on row 0: ", scorer.Failure, StringComparison.Ordinal);
            Assert.Contains("out of data bounds", scorer.Failure, StringComparison.Ordinal);

            scorer.Row(0)[0] = 2e6f;
            Assert.Equal(ScoreStatus.Scored, scorer.Run(1));
            Assert.Equal(0.3f, scorer.Scores[0]);
            Assert.Null(scorer.Failure);
        }
    }

    [Fact]
    public void One_bad_row_costs_the_others_of_its_batch_nothing()
    {
        var slot = _catalog.Publish(Samples.Source("gather.onnx"));
        Assert.True(slot.Current.BatchesExactly); // Else it is never run as a batch, and this test says nothing.
        using var scorer = slot.CreateScorer(4);
        new[] { 0f, 3e6f, OffTheTable, 1e6f }.Select((x, row) => (x, row)).ToList().ForEach(f => scorer.Row(f.row)[0] = f.x);

        Assert.Equal(ScoreStatus.ModelFailed, scorer.Run(4));
        Assert.Equal([0.1f, 0.4f, float.NaN, 0.2f], scorer.Scores.ToArray());
        Assert.Equal([ScoreStatus.Scored, ScoreStatus.Scored, ScoreStatus.ModelFailed, ScoreStatus.Scored], scorer.Statuses.ToArray());
        Assert.Contains("failed on row 2: ", scorer.Failure, StringComparison.Ordinal);
    }

    [Fact]
    public void A_score_that_is_no_number_is_a_status_of_its_row_only()
    {
        using var scorer = _catalog.Publish(Samples.Source("sqrt.onnx")).CreateScorer(3);
        scorer.Row(0)[0] = 4;
        scorer.Row(1)[0] = -4;
        scorer.Row(2)[0] = float.PositiveInfinity;

        Assert.Equal(ScoreStatus.NotFinite, scorer.Run(3));
        Assert.Equal([2f, float.NaN, float.NaN], scorer.Scores.ToArray());
        Assert.Equal([ScoreStatus.Scored, ScoreStatus.NotFinite, ScoreStatus.NotFinite], scorer.Statuses.ToArray());
        Assert.Equal(
            $"Model 'fraud' version {scorer.Model.Version} gave NaN for row 1, which is no score; see whether its features are in the range it was trained on.",
            scorer.Failure);
    }

    [Fact]
    public void Score_statuses_are_frozen()
    {
        Assert.Equal(0, (int)ScoreStatus.Scored);
        Assert.Equal(1, (int)ScoreStatus.ModelFailed);
        Assert.Equal(2, (int)ScoreStatus.NotFinite);
        Assert.Equal(3, Enum.GetValues<ScoreStatus>().Length);
    }
}
