using System.Text.RegularExpressions;
using Grid.Decisions.Definitions;
using Grid.Features.Definitions.Kinds;

namespace Grid.Decisions.Tests.Definitions;

/// <summary>The page that describes the format says what the reader does.</summary>
public sealed class BundleFormatTests
{
    private static readonly string Page =
        File.ReadAllText(Path.Combine(Repository.Root, "docs", "formats", "bundle.md")).ReplaceLineEndings("\n");

    [Fact]
    public void The_examples_of_the_page_are_a_bundle_in_as_many_files()
    {
        var examples = Regex.Matches(Page, "```yaml\n(.*?)```", RegexOptions.Singleline)
            .Select((match, i) => ($"part{i}.yaml", match.Groups[1].Value));
        using var folder = new BundleFolder(examples).AddModel("logistic").AddModel("logistic_small", "small");

        var bundle = BundleReader.Read(folder.Path);

        Assert.Equal("payments", bundle.Name);
        Assert.Equal(20, bundle.Definitions.Kinds.Sum(kind => kind.Features.Count));
        Assert.Equal(["accept", "rank"], bundle.Decisions.Select(decision => decision.Name));
        Assert.Single(bundle.Sources);
        Assert.Equal([1, 0], bundle.Decisions[1].FallbackModel!.Elements);
    }

    [Fact]
    public void The_page_names_every_aggregation()
    {
        Assert.All(AggregationShape.All, shape => Assert.Contains($"`{shape.Name}:", Page, StringComparison.Ordinal));
    }
}
