using System.Globalization;
using Grid.Decisions.Definitions;
using Grid.Engine;

namespace Grid.EndToEnd.Tests.Readme;

/// <summary>The README's first decision in C#: what stands between the markers is what the README shows.</summary>
internal static class FirstDecision
{
    public static async Task RunAsync(string bundleFolder, string dataFolder, TextWriter output)
    {
        CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;

        // <readme>
        var bundle = BundleReader.Read(bundleFolder); // bundles/fraud
        await using var grid = EmbeddedGrid.Open(bundle, new() { Folder = dataFolder }, TimeProvider.System);

        var card = grid.Entity<ICard>("4242");
        var decision = await card.AuthorizeAsync(new("t-1", At: null, Terminal: "77", Amount: 12.50m), CancellationToken.None);

        output.WriteLine($"{decision.Action}, score {decision.Score:0.000000}, because of: {string.Join(", ", decision.Reasons)}");
        foreach (var feature in decision.Features)
        {
            output.WriteLine($"{feature.Name,-24} {feature.Value,8:0.##}  {feature.AgeMilliseconds} ms old");
        }

        // </readme>
    }
}
