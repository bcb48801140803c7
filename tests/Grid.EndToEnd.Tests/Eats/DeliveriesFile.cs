using System.Globalization;
using Grid.Gzip;
using Grid.Testing;

namespace Grid.EndToEnd.Tests.Eats;

/// <summary>One order of the real month, as its row says it; moments in seconds from day 1, 00:00.</summary>
internal sealed record Delivery(
    int Row, double? Placed, double? Accepted, double? Arrived, double? Delivered, string Courier, string Restaurant, string Area, bool IsAsap)
{
    /// <summary>Counted from 1.</summary>
    public int Day => (int)Math.Floor(Placed!.Value / 86_400) + 1;

    /// <summary>How long it took from its placing, in seconds.</summary>
    public double Took => Delivered!.Value - Placed!.Value;

    /// <summary>Whether predictions of it are scored: wanted at once, and delivered within three hours.</summary>
    public bool Counts => IsAsap && Took is > 0 and < 10_800;
}

/// <summary>The real month of deliveries, read plainly: nothing here is the grid's own.</summary>
internal static class DeliveriesFile
{
    /// <summary>Why a test cannot run without the file.</summary>
    public const string Absent = "The month of deliveries is not beside this clone (../shared/data/eats/deliveries-month.csv.gz).";

    private static readonly DateTimeOffset DayOne = new(2015, 2, 1, 0, 0, 0, TimeSpan.Zero);

    public static string? Path => Repository.SharedData("eats/deliveries-month.csv.gz");

    /// <summary>Seconds from day 1 as the bundle's source places them in time.</summary>
    public static EventTime At(double seconds) => EventTime.From(DayOne.AddMilliseconds(Math.Round(seconds * 1000)));

    public static IReadOnlyList<Delivery> Read()
    {
        using var reader = new StreamReader(new StrictGzipStream(File.OpenRead(Path!)));
        var header = reader.ReadLine()!.Split(',').ToList();
        var rows = new List<Delivery>();
        while (reader.ReadLine()?.Split(',') is { } row)
        {
            rows.Add(new(
                rows.Count,
                Seconds("customer_placed_order_s"),
                Seconds("placed_order_with_restaurant_s"),
                Seconds("driver_at_restaurant_s"),
                Seconds("delivered_to_consumer_s"),
                Text("driver_id"),
                Text("restaurant_id"),
                Text("delivery_region"),
                Text("is_asap") == "True"));

            string Text(string column) => row[header.IndexOf(column)];
            double? Seconds(string column) => Text(column) is { Length: > 0 } text ? double.Parse(text, CultureInfo.InvariantCulture) : null;
        }

        return rows;
    }
}
