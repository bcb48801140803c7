namespace Grid.Models.Tests;

public sealed class ScoreTests : IDisposable
{
    private readonly ModelCatalog _catalog = new();

    public void Dispose() => _catalog.Dispose();

    [Theory]
    [InlineData("logistic.onnx")]
    [InlineData("gemm.onnx")]
    [InlineData("gemm_flat.onnx")]
    [InlineData("fixed_batch.onnx")]
    public void A_linear_model_scores_what_its_formula_says(string file)
    {
        using var scorer = _catalog.Publish(Samples.Source(file)).CreateScorer(20);
        var random = new Random(1);
        for (var row = 0; row < 20; row++)
        {
            Samples.FillRandomly(scorer.Row(row), random);
        }

        Assert.Equal(ScoreStatus.Scored, scorer.Run(20));
        for (var row = 0; row < 20; row++)
        {
            Assert.Equal(Samples.Logistic(scorer.Row(row)), scorer.Scores[row], 1e-6);
        }
    }

    [Fact]
    public void A_model_of_several_columns_gives_as_many_scores_a_row()
    {
        using var scorer = _catalog.Publish(Samples.Source("three_columns.onnx") with { Scores = 3 }).CreateScorer(4); // It gives what it is fed.
        for (var row = 0; row < 4; row++)
        {
            new float[] { row, row + 0.5f, row == 2 ? float.PositiveInfinity : -row }.CopyTo(scorer.Row(row));
        }

        Assert.Equal(ScoreStatus.NotFinite, scorer.Run(4));
        Assert.Equal([1f, 1.5f, -1f], scorer.ScoresOf(1).ToArray());
        Assert.Equal([float.NaN, float.NaN, float.NaN], scorer.ScoresOf(2).ToArray());
        Assert.Equal([3f, 3.5f, -3f], scorer.ScoresOf(3).ToArray());
        Assert.Equal([ScoreStatus.Scored, ScoreStatus.Scored, ScoreStatus.NotFinite, ScoreStatus.Scored], scorer.Statuses.ToArray());
        Assert.Throws<ModelShapeException>(() => _catalog.Publish(Samples.Other("three_columns.onnx") with { Scores = 2 }));
    }

    [Theory]
    [InlineData(1.0f, 0.5f, -1.0f, -0.4 + 0.2)] // On every threshold: equal goes low.
    [InlineData(1.0f, 0.6f, -0.9f, 0.3 - 0.1)]
    [InlineData(1.1f, 0.0f, 0.0f, 0.9 - 0.1)]
    [InlineData(3.1f, 0.0f, 0.0f, 0.9 + 0.6)]
    [InlineData(3.1f, 0.0f, -2.0f, 0.9 + 0.2)]
    public void Trees_score_the_sigmoid_of_the_sum_of_the_leaves_reached(float x0, float x1, float x2, double sum)
    {
        using var scorer = _catalog.Publish(Samples.Source("two_trees.onnx")).CreateScorer(1);
        new[] { x0, x1, x2 }.CopyTo(scorer.Row(0));

        Assert.Equal(ScoreStatus.Scored, scorer.Run(1));
        Assert.Equal(Samples.Sigmoid(sum), scorer.Scores[0], 1e-6);
    }

    [Theory]
    [InlineData("logistic.onnx", 3)]
    [InlineData("gemm.onnx", 3)]
    [InlineData("gemm_wide.onnx", 23)]
    [InlineData("two_trees.onnx", 3)]
    [InlineData("trees.onnx", 5)]
    [InlineData("sqrt.onnx", 3)]
    [InlineData("gather.onnx", 3)]
    public void A_row_gets_the_same_bits_alone_and_in_any_batch(string file, int width)
    {
        var slot = _catalog.Publish(Samples.Source(file, width));
        using var batch = slot.CreateScorer(64);
        using var single = slot.CreateScorer(1);
        var random = new Random(2);
        for (var rows = 1; rows <= 64; rows++)
        {
            for (var row = 0; row < rows; row++)
            {
                Samples.FillRandomly(batch.Row(row), random, magnitude: file == "gather.onnx" ? 4.05e6f : MathF.Pow(10, row % 5));
            }

            batch.Run(rows);
            for (var row = 0; row < rows; row++)
            {
                batch.Row(row).CopyTo(single.Row(0));
                Assert.Equal(single.Run(1), batch.Statuses[row]);
                Assert.Equal(BitConverter.SingleToInt32Bits(single.Scores[0]), BitConverter.SingleToInt32Bits(batch.Scores[row]));
            }
        }
    }

    [Fact]
    public void A_model_whose_kernel_rounds_otherwise_in_batches_is_found_out_and_trees_are_not_suspected()
    {
        Assert.False(_catalog.Publish(Samples.Source("logistic.onnx")).Current.BatchesExactly);
        Assert.True(_catalog.Publish(Samples.Other("two_trees.onnx")).Current.BatchesExactly);
        Assert.True(_catalog.Publish(Samples.Source("trees.onnx", 5) with { Name = "trees" }).Current.BatchesExactly);
    }

    [Fact]
    public void A_run_leaves_the_rows_as_they_were_and_forgets_the_scores_before_it()
    {
        using var scorer = _catalog.Publish(Samples.Source("two_trees.onnx")).CreateScorer(4);
        scorer.Row(3).Fill(7);

        scorer.Run(4);
        scorer.Run(2);

        Assert.Equal(2, scorer.Scores.Length);
        Assert.Equal([7f, 7f, 7f], scorer.Row(3).ToArray());
    }

    [Theory]
    [InlineData("two_trees.onnx")]
    [InlineData("logistic.onnx")]
    public void A_run_allocates_nothing(string file)
    {
        using var scorer = _catalog.Publish(Samples.Source(file)).CreateScorer(16);

        // The first run of a size binds its tensors; that round is not counted.
        Assert.Equal(0, Allocations.Of(() =>
        {
            for (var i = 0; i < 200; i++)
            {
                RunAllSizes();
            }
        }));

        void RunAllSizes()
        {
            for (var rows = 1; rows <= 16; rows++)
            {
                scorer.Row(rows - 1)[0] = rows;
                if (scorer.Run(rows) != ScoreStatus.Scored || scorer.Failure is not null)
                {
                    throw new InvalidOperationException("Not scored.");
                }
            }
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(5)]
    public void Rows_beyond_the_scorer_are_refused(int rows)
    {
        using var scorer = _catalog.Publish(Samples.Source("gemm.onnx")).CreateScorer(4);

        Assert.Throws<ArgumentOutOfRangeException>(() => scorer.Run(rows));
        Assert.Throws<ArgumentOutOfRangeException>(() => { _ = scorer.Row(4); });
        Assert.Throws<ArgumentOutOfRangeException>(() => { _ = scorer.Row(-1); });
    }
}
