using System.Security.Cryptography;

namespace Grid.Models.Tests;

public sealed class FitTests : IDisposable
{
    private readonly ModelCatalog _catalog = new();

    public void Dispose() => _catalog.Dispose();

    [Theory]
    [InlineData("gemm_wide.onnx", "takes 23 features a row, 'x' float [N, 23], but its view makes 3 features. Train it on this view, or give it the view it was trained on.")]
    [InlineData("double.onnx", "takes 'x' double [N, 3], but the grid feeds float [N, 3]. Export it with one float tensor of that shape.")]
    [InlineData("cube.onnx", "takes 'x' float [N, 3, 1], but the grid feeds float [N, 3]. Export it with one float tensor of that shape.")]
    [InlineData("two_inputs.onnx", "also wants 'y' float [N, 3], but the grid feeds one input, 'x'. Export it with all features in one float tensor [N, 3].")]
    [InlineData("three_columns.onnx", "gives 'p' float [N, 3], but the grid reads a score of float [N], [N, 1] or [N, 2] (then the second column). Name another output ('p' float [N, 3]), or export it so.")]
    [InlineData("whole_batch.onnx", "gives 'p' [1, 1] for 3 rows, but the grid reads a score of float [N], [N, 1] or [N, 2] (then the second column). Name another output ('p' float [1, 1]), or export it so.")]
    [InlineData("transposed.onnx", "gives 'p' [2, 3] for 3 rows, but the grid reads a score of float [N], [N, 1] or [N, 2] (then the second column). Name another output ('p' float [2, N]), or export it so.")]
    [InlineData("any_width.onnx", "gives 'p' [3, 3] for 3 rows, but the grid reads a score of float [N], [N, 1] or [N, 2] (then the second column). Name another output ('p' float [N, ?]), or export it so.")]
    public void A_model_that_does_not_fit_its_view_says_both_sides_and_what_would_do(string file, string message) =>
        AssertMisfit(Samples.Source(file), message);

    [Fact]
    public void An_input_that_the_model_does_not_have_is_answered_with_those_it_has() =>
        AssertMisfit(
            Samples.Source("logistic.onnx") with { Input = "float_input" },
            "has no input 'float_input'; it has 'x' float [N, 3]. Name one of these as its input.");

    [Fact]
    public void An_output_that_the_model_does_not_have_is_answered_with_those_it_has() =>
        AssertMisfit(
            Samples.Source("logistic.onnx") with { Score = "probability" },
            "has no output 'probability'; it has 'label' int64 [N], 'p' float [N, 2]. Name one of these as its score.");

    [Fact]
    public void The_label_of_a_classifier_is_not_taken_for_its_score() =>
        AssertMisfit(
            Samples.Source("logistic.onnx") with { Score = "label" },
            "gives 'label' int64 [N], but the grid reads a score of float [N], [N, 1] or [N, 2] (then the second column). "
            + "Name another output ('label' int64 [N], 'p' float [N, 2]), or export it so.");

    [Fact]
    public void A_map_of_labels_is_answered_with_how_to_export_without_it() =>
        AssertMisfit(
            Samples.Source("zipmap.onnx") with { Score = "z" },
            "gives 'z' sequence, but the grid reads a float tensor. Export the classifier without its map of labels (in skl2onnx: zipmap=False).");

    [Fact]
    public void The_order_that_a_model_was_trained_on_is_compared_with_the_view()
    {
        _catalog.Publish(Samples.Source("logistic_named.onnx") with { FeatureNames = ["amount", "tx_count_1d", "risk_7d"] });

        AssertMisfit(
            Samples.Source("logistic_named.onnx") with { FeatureNames = ["amount", "risk_7d", "tx_count_1d"] },
            "is fed 'risk_7d' as feature 2 of 3, but it was trained on 'tx_count_1d' there. Put the view in the model's order, or train it on this view.");
    }

    [Fact]
    public void A_number_of_features_other_than_trained_on_names_the_first_of_the_view() =>
        AssertMisfit(
            Samples.Source("logistic_named.onnx", 5) with { FeatureNames = ["a", "b", "c", "d", "e"] },
            "takes 3 features a row, 'x' float [N, 3], but its view makes 5 features (a, b, c, d, ...). "
            + "Train it on this view, or give it the view it was trained on.");

    [Fact]
    public void A_view_whose_names_are_not_as_many_as_it_is_wide_is_refused() =>
        Assert.Throws<ArgumentException>(() => _catalog.Publish(Samples.Source("logistic.onnx") with { FeatureNames = ["amount"] }));

    [Fact]
    public void A_reload_may_not_change_the_view()
    {
        var first = _catalog.Publish(Samples.Source("logistic.onnx") with { FeatureNames = ["a", "b", "c"] }).Current;

        AssertMisfit(
            Samples.Source("trees.onnx", 5),
            "is to be fed 5 features, but the version of 'fraud' that serves is fed 3 features (a, b, c). "
            + "A reload keeps the view: publish the model under another name, or load the whole bundle anew.");
        AssertMisfit(
            Samples.Source("gemm.onnx") with { FeatureNames = ["a", "c", "b"] },
            "is fed 'c' as feature 2 of 3, but the version of 'fraud' that serves is fed 'b' there. "
            + "Publish it under another name, or load the whole bundle anew.");
        Assert.True(_catalog.TryGet("fraud", out var slot));
        Assert.Same(first, slot.Current);
    }

    [Theory]
    [InlineData("gemm_wide.onnx")]
    [InlineData("transposed.onnx")]
    [InlineData("nowhere.onnx")]
    public void A_check_says_what_publishing_would_and_keeps_no_session(string file)
    {
        var before = LoadedModel.SessionsAlive;

        ModelCatalog.Check(Samples.Source("two_trees.onnx"));
        var told = Assert.ThrowsAny<ModelException>(() => ModelCatalog.Check(Samples.Source(file)));

        Assert.Equal(Assert.ThrowsAny<ModelException>(() => _catalog.Publish(Samples.Source(file))).Message, told.Message);
        Assert.Equal(before, LoadedModel.SessionsAlive);
    }

    [Fact]
    public void A_missing_file_is_named()
    {
        var unusable = Assert.Throws<ModelUnusableException>(() => _catalog.Publish(Samples.Source("nowhere.onnx")));

        Assert.StartsWith("Model 'fraud' (nowhere.onnx) cannot be read: ", unusable.Message, StringComparison.Ordinal);
        Assert.Contains(Samples.PathOf("nowhere.onnx"), unusable.Message, StringComparison.Ordinal);
        Assert.False(_catalog.TryGet("fraud", out _));
    }

    [Theory]
    [InlineData(0.0)]
    [InlineData(0.3)]
    [InlineData(0.6)]
    [InlineData(0.99)]
    public void A_file_that_is_cut_off_is_unusable_and_the_version_before_still_serves(double part)
    {
        var first = _catalog.Publish(Samples.Source("two_trees.onnx")).Current;
        var bytes = File.ReadAllBytes(Samples.PathOf("two_trees.onnx"));

        var unusable = AssertUnusable(bytes[..(int)(bytes.Length * part)]);

        Assert.Contains("See that the file is whole", unusable.Message, StringComparison.Ordinal);
        Assert.True(_catalog.TryGet("fraud", out var slot));
        Assert.Same(first, slot.Current);
    }

    [Fact]
    public void Noise_is_never_taken_for_a_model()
    {
        var random = new Random(3);
        var whole = File.ReadAllBytes(Samples.PathOf("two_trees.onnx"));
        for (var i = 0; i < 20; i++)
        {
            var noise = new byte[whole.Length];
            random.NextBytes(noise);
            AssertUnusable(noise);
        }
    }

    [Fact]
    public void An_opset_of_the_future_is_unusable()
    {
        var unusable = Assert.Throws<ModelUnusableException>(() => _catalog.Publish(Samples.Source("future_opset.onnx")));

        Assert.Contains("is not a model that ONNX Runtime 1.", unusable.Message, StringComparison.Ordinal);
        Assert.Contains("Opset 99", unusable.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Model_without_a_finite_score_for_zeros_loads_and_says_so()
    {
        var slot = _catalog.Publish(Samples.Source("log.onnx"));
        using var scorer = slot.CreateScorer(2);
        scorer.Row(1)[0] = 1;

        Assert.Equal(float.NegativeInfinity, slot.Current.OddScoreOfZeros);
        Assert.Equal(ScoreStatus.NotFinite, scorer.Run(2));
        Assert.Equal([ScoreStatus.NotFinite, ScoreStatus.Scored], scorer.Statuses.ToArray());
        Assert.Equal(0, scorer.Scores[1]);
        Assert.Null(_catalog.Publish(Samples.Source("logistic.onnx") with { Name = "other" }).Current.OddScoreOfZeros);
    }

    [Fact]
    public void A_version_is_the_start_of_the_files_digest_unless_it_is_given()
    {
        var digest = Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(Samples.PathOf("logistic.onnx"))));

        var derived = _catalog.Publish(Samples.Source("logistic.onnx")).Current;
        var given = _catalog.Publish(Samples.Source("logistic.onnx") with { Version = "2026-05" }).Current;

        Assert.Equal((digest[..12], digest), (derived.Version, derived.Sha256));
        Assert.Equal(("2026-05", digest), (given.Version, given.Sha256));
    }

    private void AssertMisfit(ModelSource source, string message)
    {
        var before = LoadedModel.SessionsAlive;

        var misfit = Assert.Throws<ModelShapeException>(() => _catalog.Publish(source));

        Assert.Equal($"Model 'fraud' ({Path.GetFileName(source.File)}) {message}", misfit.Message);
        Assert.Equal(before, LoadedModel.SessionsAlive);
    }

    private ModelUnusableException AssertUnusable(byte[] bytes)
    {
        var file = Path.GetTempFileName();
        try
        {
            File.WriteAllBytes(file, bytes);
            return Assert.Throws<ModelUnusableException>(() => _catalog.Publish(Samples.Source("two_trees.onnx") with { File = file }));
        }
        finally
        {
            File.Delete(file);
        }
    }
}
