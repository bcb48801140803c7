using System.Globalization;
using Grid.Gzip;

namespace Grid.EndToEnd.Tests.Handbook;

/// <summary>The published files, read plainly: nothing here is the grid's own.</summary>
internal static class HandbookFile
{
    public static IEnumerable<string> Lines(string path)
    {
        using var reader = new StreamReader(new StrictGzipStream(File.OpenRead(path)));
        while (reader.ReadLine() is { } line)
        {
            yield return line;
        }
    }

    /// <summary>Day and card of every fraud, by its transaction.</summary>
    public static Dictionary<string, (int Day, int Card)> Frauds(string transactions) => Lines(transactions).Skip(1)
        .Select(line => line.Split(','))
        .Where(row => row[7] == "1")
        .ToDictionary(row => row[0], row => (int.Parse(row[6], CultureInfo.InvariantCulture), int.Parse(row[2], CultureInfo.InvariantCulture)));

    /// <summary>Transactions of cards that have two in one second.</summary>
    public static HashSet<string> TransactionsInOneSecond(string transactions)
    {
        var rows = Lines(transactions).Skip(1).Select(line => line.Split(',', 4));
        return [.. rows.GroupBy(row => (row[1], row[2])).Where(group => group.Count() > 1).SelectMany(group => group.Select(row => row[0]))];
    }
}
