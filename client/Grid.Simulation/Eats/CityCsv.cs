using System.Globalization;
using System.IO.Compression;

namespace Grid.Simulation.Eats;

/// <summary>Writes a simulated city as one CSV file, a row an event, in the columns that the eats bundle's source `city` reads.</summary>
internal static class CityCsv
{
    private const string Time = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";

    public static readonly string Header = string.Join(',', ["event", "id", "at", .. CityEventFields.Columns]);

    /// <summary>Writes a file, compressed where its name ends in `.gz`, over any that is there.</summary>
    /// <returns>How many rows were written.</returns>
    /// <exception cref="IOException">The file cannot be written; what is there may be a part.</exception>
    /// <exception cref="OperationCanceledException">As <paramref name="cancellation"/> asked; what is there is a part.</exception>
    public static long WriteFile(string path, IEnumerable<CityEvent> events, CancellationToken cancellation)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        using var file = File.Create(path);
        if (!path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase))
        {
            using var plain = new StreamWriter(file);
            return Write(plain, events, cancellation);
        }

        using var compressed = new GZipStream(file, CompressionLevel.Fastest);
        using var writer = new StreamWriter(compressed);
        return Write(writer, events, cancellation);
    }

    /// <summary>Writes the header and one line an event, ended by a line feed on every system. The writer is left open.</summary>
    /// <returns>How many rows were written.</returns>
    public static long Write(TextWriter writer, IEnumerable<CityEvent> events, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(events);
        writer.Write(Header + "\n");
        var written = 0L;
        foreach (var happened in events)
        {
            cancellation.ThrowIfCancellationRequested();
            writer.Write(happened.Type);
            writer.Write(',');
            writer.Write(happened.Id);
            writer.Write(',');
            writer.Write(happened.At.UtcDateTime.ToString(Time, CultureInfo.InvariantCulture));
            foreach (var column in CityEventFields.Columns)
            {
                writer.Write(',');
                writer.Write(Text(CityEventFields.ValueOf(happened, column)));
            }

            writer.Write('\n');
            written++;
        }

        return written;
    }

    // No text of the city has a comma or a quote.
    private static string? Text(FieldValue value) => value.Given switch
    {
        FieldType.None => null,
        FieldType.String => value.Text,
        FieldType.Boolean => value.Exact != 0 ? "true" : "false",
        FieldType.Timestamp => DateTimeOffset.FromUnixTimeMilliseconds((long)value.Exact).UtcDateTime.ToString(Time, CultureInfo.InvariantCulture),
        _ => value.Exact.ToString(CultureInfo.InvariantCulture),
    };
}
