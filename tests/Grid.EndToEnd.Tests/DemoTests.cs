using System.Globalization;
using System.Text.RegularExpressions;
using Grid.Json;
using Grid.Simulation.Eats;

namespace Grid.EndToEnd.Tests;

public sealed partial class DemoTests
{
    [Fact]
    public async Task The_demo_catches_most_of_the_fraud_and_says_so()
    {
        using var folder = new TemporaryFolder();

        var (code, output) = await SiloProcess.RunAsync(
            "demo", "--exit", "--urls", "http://127.0.0.1:0", "--data", folder.Path, "--seconds", "3", "--customers", "1000");

        Assert.True(code == 0, output);
        var frauds = Number(Frauds(), output);
        var caught = Number(Caught(), output);
        Assert.True(frauds >= 10, output);
        Assert.True(caught >= 0.4 * frauds, output);
        Assert.True(Number(Auc(), output) > 0.75, output);
        Assert.True(Number(FalseAlarms(), output) < 0.02 * Number(Decisions(), output), output);
    }

    [Fact]
    public async Task The_demo_of_eats_ranks_every_search_gives_every_order_an_arrival_time_and_says_how_good_they_were()
    {
        using var folder = new TemporaryFolder();

        var (code, output) = await SiloProcess.RunAsync(
            "demo", "eats", "--exit", "--urls", "http://127.0.0.1:0", "--data", folder.Path, "--seconds", "3", "--users", "400");

        Assert.True(code == 0, output);
        Assert.Contains("serves eats", output, StringComparison.Ordinal);
        Assert.InRange(Number(Orders(), output), 40, 200);
        Assert.True(Number(Searches(), output) > Number(Orders(), output), output);
        Assert.True(Number(AmongFirst(), output) > Number(AmongNearest(), output), output);
        Assert.True(Number(Delivered(), output) > 0.7 * Number(Orders(), output), output);
        Assert.InRange(Number(OffBy(), output), 0.1, 30);
        Assert.Matches(@"batch +user\.favourite_cuisine +\w+ +\d\d:\d\d:\d\d old", output);
        var tastes = BatchJson.Read("user", await File.ReadAllBytesAsync(Path.Combine(folder.Path, "favourite_cuisine.ndjson"), TestContext.Current.CancellationToken));
        Assert.Equal(Number(Favourites(), output), tastes.Rows.Count);
        AreFavourites(tastes);
        Assert.Matches(@"20:00  old_town \d+ open, \d+ free \d+ busy", output);
    }

    /// <summary>Each user of the file has ordered nothing more often, and who is not in it has ordered nothing.</summary>
    private static void AreFavourites(BatchFile tastes)
    {
        var city = new CitySimulationOptions { Users = 400, Restaurants = 40, Couriers = 20, Days = 11, Seed = 7 };
        var midnight = new DateTimeOffset(city.Start.AddDays(10).ToDateTime(TimeOnly.MinValue), TimeSpan.Zero);
        var orders = CitySimulation.Events(city).Where(happened => happened.Type == "order_placed" && happened.At <= midnight).ToLookup(order => order.User!);
        Assert.Equal(orders.Select(of => of.Key).Order(StringComparer.Ordinal), tastes.Rows.Select(row => row.Key));
        foreach (var row in tastes.Rows)
        {
            Assert.Equal(EventTime.From(midnight), row.At);
            Assert.Equal(orders[row.Key].CountBy(order => order.Cuisine!).Max(one => one.Value), orders[row.Key].Count(order => order.Cuisine == row.Values[0].Text));
        }
    }

    private static double Number(Regex what, string output)
    {
        var match = what.Match(output);
        Assert.True(match.Success, output);
        return double.Parse(match.Groups[1].Value, NumberStyles.Number, CultureInfo.InvariantCulture);
    }

    [GeneratedRegex(@"Decisions +([\d,]+) in")]
    private static partial Regex Decisions();

    [GeneratedRegex(@"Orders +([\d,]+), answered")]
    private static partial Regex Orders();

    [GeneratedRegex(@"Searches ranked +([\d,]+), answered")]
    private static partial Regex Searches();

    [GeneratedRegex(@"among the first five of 20 in (\d+) %")]
    private static partial Regex AmongFirst();

    [GeneratedRegex(@"by distance alone in (\d+) %")]
    private static partial Regex AmongNearest();

    [GeneratedRegex(@"Delivered +([\d,]+), after")]
    private static partial Regex Delivered();

    [GeneratedRegex(@"the favourite cuisine of ([\d,]+) users")]
    private static partial Regex Favourites();

    [GeneratedRegex(@"Placed from 18:00 on +off by ([\d.]+) minutes")]
    private static partial Regex OffBy();

    [GeneratedRegex(@"Frauds +(\d+)")]
    private static partial Regex Frauds();

    [GeneratedRegex(@"caught +(\d+) ")]
    private static partial Regex Caught();

    [GeneratedRegex(@"False alarms +(\d+) good")]
    private static partial Regex FalseAlarms();

    [GeneratedRegex(@"AUC ROC of the scores +([\d.]+)")]
    private static partial Regex Auc();
}
