using System.Globalization;
using Grid.Models;
using Grid.Testing;

namespace Grid.EndToEnd.Tests.Eats;

/// <summary>The ranking models that ship score as the plain reader of their graphs does, values exactly on a split and missing ones included.</summary>
public sealed class RankModelTests
{
    private const double Agreement = 2e-6;

    [Theory]
    [InlineData("rank", 20)]
    [InlineData("rank_fallback", 10)]
    public void A_ranking_model_scores_as_its_trainer_did_row_by_row_and_all_at_once(string model, int width)
    {
        var lines = File.ReadAllLines(Path.Combine(Repository.Root, "tests", "Grid.EndToEnd.Tests", "models", $"{model}_probe.csv"));
        var features = lines[0].Split(',')[..^1];
        var rows = lines.Skip(1).Select(Numbers).ToList();
        using var catalog = new ModelCatalog();
        var file = Path.Combine(Repository.Bundle("eats"), "models", $"{model}.onnx");
        using var scorer = catalog.Publish(new(model, file, "x", "p", features.Length, features)).CreateScorer(rows.Count);

        Assert.Equal((width, 80), (features.Length, rows.Count));
        foreach (var row in rows)
        {
            row[..^1].CopyTo(scorer.Row(0));
            Assert.Equal(ScoreStatus.Scored, scorer.Run(1));
            Assert.Equal(row[^1], scorer.Scores[0], Agreement);
        }

        for (var i = 0; i < rows.Count; i++)
        {
            rows[i][..^1].CopyTo(scorer.Row(i));
        }

        Assert.Equal(ScoreStatus.Scored, scorer.Run(rows.Count));
        Assert.All(rows.Select((row, i) => (row, i)), one => Assert.Equal(one.row[^1], scorer.Scores[one.i], Agreement));
        Assert.True(rows.Max(row => row[^1]) > 10 * rows.Min(row => row[^1]), "The probes are not all alike.");
    }

    private static float[] Numbers(string line) =>
        [.. line.Split(',').Select(value => value.Length == 0 ? float.NaN : float.Parse(value, CultureInfo.InvariantCulture))];
}
