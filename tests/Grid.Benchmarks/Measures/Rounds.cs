using System.Globalization;

namespace Grid.Benchmarks;

/// <summary>
/// Measures things against each other in one run: every round does each of them once, in turn, and the ratio is taken round by round, so
/// that a machine that slows down slows both. Quoted are medians.
/// </summary>
internal static class Rounds
{
    /// <summary>The median ratio of <paramref name="ours"/> over <paramref name="baseline"/>, and the medians of both.</summary>
    public static async Task<(double Ratio, double Ours, double Baseline)> CompareAsync(
        int rounds, Func<int, Task<double>> ours, Func<int, Task<double>> baseline)
    {
        List<double> ratios = [], left = [], right = [];
        for (var round = 0; round < rounds; round++)
        {
            // Who goes first changes from round to round.
            double mine, other;
            if (round % 2 == 0)
            {
                mine = await ours(round);
                other = await baseline(round);
            }
            else
            {
                other = await baseline(round);
                mine = await ours(round);
            }

            ratios.Add(mine / other);
            left.Add(mine);
            right.Add(other);
        }

        return (Median(ratios), Median(left), Median(right));
    }

    public static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        var middle = sorted.Length / 2;
        return sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    /// <summary>Prints <c>ratio NAME VALUE</c>, and beside it what it was made of.</summary>
    public static void Print(string name, double value, string remark) =>
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"ratio {name} {value:0.###}  # {remark}"));
}
