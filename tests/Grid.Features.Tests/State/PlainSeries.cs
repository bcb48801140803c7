using System.Globalization;
using System.Numerics;
using Grid.Features.Plans;

namespace Grid.Features.Tests.State;

/// <summary>Values of events as a plain list, looked through from end to end for every reading.</summary>
internal sealed record PlainValue(long At, long Fingerprint, long? Value);

internal static class PlainSeries
{
    /// <param name="feature">The feature.</param>
    /// <param name="events">Every event of its timeline that was ever taken; without a value where the column has none.</param>
    /// <param name="horizon">What lies at or before it is nobody's to read; -1 where there is none.</param>
    /// <param name="at">The moment.</param>
    /// <param name="scale">Decimal places of the values.</param>
    public static ReadValue Read(FeaturePlan feature, IEnumerable<PlainValue> events, long horizon, long at, int scale)
    {
        var end = at - feature.DelayMilliseconds;
        var isWhole = feature.WindowMilliseconds == FeaturePlan.WholeHistory;
        var from = isWhole ? -1 : end - feature.WindowMilliseconds;
        var isApproximate = isWhole ? events.Any(held => held.At <= horizon) : Math.Max(-1, from) < horizon;
        var there = events.Where(held => held.Value is not null && held.At > Math.Max(from, horizon) && held.At <= end)
            .OrderBy(held => held.At).ThenBy(held => held.Fingerprint).ToList();
        if (there.Count == 0)
        {
            var empty = feature.Aggregation is Aggregation.Count or Aggregation.Sum or Aggregation.Distinct ? Value.Of(0) : Value.Missing;
            return new(feature.Empty ?? empty, ReadValue.Nothing, isApproximate);
        }

        var newest = feature.Aggregation == Aggregation.First ? there[0].At : there[^1].At;
        var values = there.ConvertAll(held => held.Value!.Value);
        var value = (scale == 0 ? Whole(feature, values) : null) ?? Value.Of(Aggregate(feature, values, Math.Pow(10, scale)));
        return new(value, newest, isApproximate);
    }

    // Of integers what is one of them, or their sum where it fits in 64 bits; null of all else.
    private static Value? Whole(FeaturePlan feature, List<long> values)
    {
        var sum = values.Aggregate(BigInteger.Zero, (total, value) => total + value);
        return feature.Aggregation switch
        {
            Aggregation.Sum => sum >= long.MinValue && sum <= long.MaxValue ? Value.OfInteger((long)sum) : null,
            Aggregation.Min => Value.OfInteger(values.Min()),
            Aggregation.Max => Value.OfInteger(values.Max()),
            Aggregation.First => Value.OfInteger(values[0]),
            Aggregation.Last => Value.OfInteger(values[^1]),
            Aggregation.Top => Value.OfInteger(values.GroupBy(value => value).OrderByDescending(same => same.Count()).ThenBy(same => same.Key).First().Key),
            Aggregation.Quantile => Value.OfInteger(values.Order().First(least => values.Count(value => value <= least) * 1e9 >= (double)feature.QuantileBillionths * values.Count)),
            _ => null,
        };
    }

    private static double Aggregate(FeaturePlan feature, List<long> values, double power)
    {
        BigInteger sum = values.Aggregate(BigInteger.Zero, (total, value) => total + value);
        return feature.Aggregation switch
        {
            Aggregation.Count => values.Count,
            Aggregation.Sum => Nearest(sum) / power,
            Aggregation.Mean => Nearest(sum) / (values.Count * power),
            Aggregation.Min => values.Min() / power,
            Aggregation.Max => values.Max() / power,
            Aggregation.First => values[0] / power,
            Aggregation.Last => values[^1] / power,
            Aggregation.Distinct => values.Distinct().Count(),
            Aggregation.Top => values.GroupBy(value => value).OrderByDescending(same => same.Count()).ThenBy(same => same.Key).First().Key / power,
            Aggregation.Quantile => values.Order().First(least => values.Count(value => value <= least) * 1e9 >= (double)feature.QuantileBillionths * values.Count) / power,
            _ => throw new InvalidOperationException(feature.Aggregation.ToString()),
        };
    }

    // Reading a decimal number rounds correctly, which converting a large integer does not.
    private static double Nearest(BigInteger value) => double.Parse(value.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
}
