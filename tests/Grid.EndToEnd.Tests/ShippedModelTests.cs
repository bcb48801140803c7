using System.Globalization;
using Grid.Models;
using Grid.Testing;

namespace Grid.EndToEnd.Tests;

/// <summary>
/// The models that ship, scored by ONNX Runtime, against what scikit-learn and XGBoost themselves gave for the same rows
/// when they were trained. Half of the rows have features exactly on a split of the trees.
/// </summary>
public sealed class ShippedModelTests
{
    private const double Agreement = 2e-6;

    [Theory]
    [InlineData("logistic")]
    [InlineData("trees")]
    public void A_shipped_model_scores_as_its_trainer_did(string name)
    {
        var lines = File.ReadAllLines(Path.Combine(Repository.Root, "tests", "Grid.EndToEnd.Tests", "models", "probe.csv"));
        var header = lines[0].Split(',');
        var features = header[..^2];
        var expected = Array.IndexOf(header, name);
        using var catalog = new ModelCatalog();
        var file = Path.Combine(Repository.Bundle("fraud"), "models", $"{name}.onnx");
        using var scorer = catalog.Publish(new(name, file, "x", "p", features.Length, features)).CreateScorer(1);

        Assert.Equal(81, lines.Length);
        Assert.All(lines.Skip(1).Select(Numbers), row =>
        {
            row[..features.Length].Select(v => (float)v).ToArray().CopyTo(scorer.Row(0));
            Assert.Equal(ScoreStatus.Scored, scorer.Run(1));
            Assert.Equal(row[expected], scorer.Scores[0], Agreement);
        });
    }

    private static double[] Numbers(string line) => [.. line.Split(',').Select(v => double.Parse(v, CultureInfo.InvariantCulture))];
}
