using System.Globalization;
using Spectre.Console;

namespace Grid.Silo.Demo.Eats;

/// <summary>One search of the day with something of each tier that its ranking was made from: where it comes from, and how old it was.</summary>
internal static class EatsTiers
{
    private static readonly string[] Streaming = ["restaurant.rating_mean", "restaurant.open_orders", "courier_area.free_couriers"];

    public static async Task TellAsync(EatsDay day, DemoCaller caller, CancellationToken cancellation)
    {
        if (day.Rankings.Sample is not { } ranking || ranking.Items.FirstOrDefault(item => item.Place == 1) is not { } first)
        {
            return;
        }

        var user = await caller.FeaturesAsync(ranking.Owner, ranking.At, cancellation);
        var table = new Table { Border = TableBorder.None, ShowHeaders = false };
        table.AddColumns("tier", "feature", "value", "age");
        Row("batch", user["favourite_cuisine"] with { Name = "user.favourite_cuisine" });
        Row("streaming", user["last_cuisine_1h"] with { Name = "user.last_cuisine_1h" });
        foreach (var feature in first.Features.Where(feature => Streaming.Contains(feature.Name)))
        {
            Row("streaming", feature);
        }

        foreach (var feature in first.Features.Where(feature => feature.Name is "distance_km" or "searched_match"))
        {
            Row("on demand", feature);
        }

        AnsiConsole.MarkupLineInterpolated(CultureInfo.InvariantCulture, $"Three tiers in one ranking: {ranking.Owner} at {ranking.At.ToDateTimeOffset():HH:mm:ss}, restaurant {first.Key} first");
        AnsiConsole.Write(table);
        AnsiConsole.WriteLine();

        void Row(string tier, FeatureReading read) => table.AddRow(tier, Markup.Escape(read.Name), Markup.Escape(Value(read)), tier == "on demand" ? "with the request" : Age(read));
    }

    private static string Value(FeatureReading read) => read.IsMissing ? "none" : ReadableNumber.Of(read, 3);

    private static string Age(FeatureReading read) => read.AgeMilliseconds < 0 ? "" : Words(TimeSpan.FromMilliseconds(read.AgeMilliseconds)) + " old"
        + (read.Source == FeatureSource.Owner ? "" : string.Create(CultureInfo.InvariantCulture, $", {read.Source.ToString().ToLowerInvariant()} of {read.StalenessMilliseconds / 1e3:0.#} s before"));

    private static string Words(TimeSpan age) => age.ToString(age.Days > 0 ? "d' d 'hh\\:mm\\:ss" : "hh\\:mm\\:ss", CultureInfo.InvariantCulture);
}
