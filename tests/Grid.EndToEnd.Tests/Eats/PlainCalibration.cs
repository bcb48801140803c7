namespace Grid.EndToEnd.Tests.Eats;

/// <summary>
/// The plain twin of the calibration that <c>bundles/eats</c> writes as expressions: of the area's deliveries of the last two days, the quantile of
/// actual over predicted seconds is the factor of a new order's prediction.
/// </summary>
internal sealed class PlainCalibration
{
    private const double Window = 2 * 86_400;
    private const int Least = 50;
    private static readonly double[] Quantiles = [0.2, 0.5, 0.8];
    private readonly Dictionary<string, List<(double Delivered, double[] Ratios)>> _told = [];

    /// <param name="rows">The orders.</param>
    /// <param name="said">What the model said of each: p20, p50, p80, in seconds.</param>
    public PlainCalibration(IReadOnlyList<Delivery> rows, IReadOnlyList<double[]> said)
    {
        foreach (var row in rows.Where(row => row.Counts))
        {
            var ratios = said[row.Row].Select(value => Math.Round(row.Took / Math.Round(value, 3), 6)).ToArray();
            (_told.TryGetValue(row.Area, out var told) ? told : _told[row.Area] = []).Add((row.Delivered!.Value, ratios));
        }
    }

    /// <summary>The three answers to an order, in rising order.</summary>
    public double[] Answer(Delivery order, double[] said)
    {
        var known = _told.GetValueOrDefault(order.Area, []).Where(told => told.Delivered <= order.Placed && told.Delivered > order.Placed - Window).ToList();
        var scaled = said.Select((value, i) => value * (known.Count < Least ? 1 : Math.Clamp(NearestRank([.. known.Select(told => told.Ratios[i])], Quantiles[i]), 0.5, 2))).ToArray();
        return [Math.Min(scaled[0], scaled[1]), scaled[1], Math.Max(scaled[2], scaled[1])];
    }

    private static double NearestRank(double[] values, double part)
    {
        Array.Sort(values);
        return values[Math.Max(0, (int)Math.Ceiling((part * values.Length) - 1e-9) - 1)];
    }
}
