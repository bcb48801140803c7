using System.Globalization;
using System.Numerics;
using Grid.Features.Plans;
using Grid.Features.State;

namespace Grid.Features.Tests.State;

/// <summary>The plain twin of an entity's state: a list of everything, looked through from end to end for every reading.</summary>
internal sealed class PlainCard(DefinitionPlan plan)
{
    private readonly List<PlainPayment> _payments = [];
    private readonly List<PlainPayment> _visits = [];
    private readonly HashSet<PlainReport> _reports = [];
    private readonly KindPlan _kind = plan.Kinds[0];
    private long _newest = -1;
    private readonly bool[] _forgot = new bool[2];

    public IReadOnlyList<PlainPayment> Payments => _payments;

    /// <summary>Tells a payment (timeline 0) or a visit (1).</summary>
    public ApplyOutcome Apply(PlainPayment payment, int timeline = 0)
    {
        if (_newest >= 0 && payment.At <= _newest - _kind.Timelines[timeline].RetentionMilliseconds)
        {
            return ApplyOutcome.TooOld;
        }

        Held(timeline).Add(payment);
        _newest = Math.Max(_newest, payment.At);
        for (var i = 0; i < _kind.Timelines.Count; i++)
        {
            var horizon = Horizon(i);
            _forgot[i] |= Held(i).RemoveAll(held => held.At <= horizon) > 0;
        }

        return ApplyOutcome.Applied;
    }

    public bool Amend(PlainReport report)
    {
        if (!_payments.Exists(payment => payment.Id == report.Payment.Id))
        {
            return false;
        }

        _reports.Add(report);
        return true;
    }

    public ReadValue Read(int feature, long at)
    {
        var f = _kind.Features[feature];
        if (f.Expression is { } expression)
        {
            var reads = f.ExpressionInputs.Select(input => Read(input, at)).ToArray();
            return new(
                expression.Evaluate(null, [.. reads.Select(read => read.Value)]),
                reads.Max(read => read.NewestMilliseconds),
                reads.Any(read => read.Approximate));
        }

        var isWhole = f.WindowMilliseconds == FeaturePlan.WholeHistory;
        BigInteger end = at - f.DelayMilliseconds;
        var start = isWhole ? -1 : end - f.WindowMilliseconds;
        if (f.Aggregation == Aggregation.SinceLast && f.DelayMilliseconds == 0)
        {
            end -= 1;
        }

        var isApproximate = isWhole ? _forgot[f.Timeline] : BigInteger.Max(-1, start) < Horizon(f.Timeline);
        var inside = Held(f.Timeline).Where(payment => payment.At > start && payment.At <= end).OrderBy(payment => payment.At).ThenBy(payment => Row.FingerprintOf(payment.IdHash)).ToList();
        var column = f.Column < 0 ? null : _kind.Timelines[f.Timeline].Columns[f.Column];
        var there = inside.Where(payment => column is null || Of(payment, column, at) is not null).ToList();
        if (there.Count == 0)
        {
            var empty = f.Aggregation is Aggregation.Count or Aggregation.Sum or Aggregation.Distinct ? Value.Of(0) : Value.Missing;
            return new(f.Empty ?? empty, ReadValue.Nothing, isApproximate);
        }

        var newest = f.Aggregation == Aggregation.First ? there[0].At : there[^1].At;
        return new(Aggregate(f, there, column, at), newest, isApproximate);
    }

    private long Horizon(int timeline) => _newest < 0 ? -1 : Math.Max(-1, _newest - _kind.Timelines[timeline].RetentionMilliseconds);

    private List<PlainPayment> Held(int timeline) => timeline == 0 ? _payments : _visits;

    private Value Aggregate(FeaturePlan feature, List<PlainPayment> there, ColumnPlan? column, long at)
    {
        var aggregation = feature.Aggregation;
        if (aggregation == Aggregation.Count)
        {
            return Value.Of(there.Count);
        }

        if (aggregation == Aggregation.SinceLast)
        {
            return Value.Of((at - there[^1].At) / 1000.0);
        }

        var values = there.ConvertAll(payment => Of(payment, column!, at)!);
        switch (aggregation)
        {
            case Aggregation.Distinct:
                return Value.Of(values.Distinct().Count());
            case Aggregation.First:
                return ToValue(values[0], column!);
            case Aggregation.Last:
                return ToValue(values[^1], column!);
            case Aggregation.Top:
                return ToValue(values.GroupBy(value => value).OrderByDescending(group => group.Count()).ThenBy(group => group.Key, PlainOrder.One).First().Key, column!);
            case Aggregation.Min:
                return ToValue(values.Min(PlainOrder.One)!, column!);
            case Aggregation.Quantile:
                return ToValue(values.Order(PlainOrder.One).First(least => values.Count(value => PlainOrder.One.Compare(value, least) <= 0) * 1_000_000_000L >= (long)feature.QuantileBillionths * values.Count), column!);
            case Aggregation.Max:
                return ToValue(values.Max(PlainOrder.One)!, column!);
        }

        var sum = values.Aggregate(BigInteger.Zero, (total, value) => total + (long)value);
        var power = BigInteger.Pow(10, column!.Scale);
        return aggregation switch
        {
            Aggregation.Sum => Value.Of(Nearest(sum) / Nearest(power)),
            Aggregation.Mean => Value.Of(Nearest(sum) / Nearest(power * values.Count)),
            Aggregation.StdDev => Value.Of(StdDev(values, sum, Nearest(power))),
            _ => throw new InvalidOperationException(aggregation.ToString()),
        };
    }

    private static double StdDev(List<object> values, BigInteger sum, double power)
    {
        BigInteger n = values.Count;
        if (n < 2)
        {
            return double.NaN;
        }

        var squares = values.Aggregate(BigInteger.Zero, (total, value) => total + ((BigInteger)(long)value * (long)value));
        return Math.Sqrt(Nearest((n * squares) - (sum * sum)) / Nearest(n * (n - 1))) / power;
    }

    // Reading a decimal number rounds correctly, which converting a large integer does not.
    private static double Nearest(BigInteger value) => double.Parse(value.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);

    private object? Of(PlainPayment payment, ColumnPlan column, long at)
    {
        if (column.Where is not null && payment.Amount is not > StatePlans.Bar)
        {
            return null;
        }

        return column.Slot switch
        {
            ColumnPlan.Ones => 1L,
            StatePlans.Amount => payment.Amount,
            StatePlans.Shop => payment.Shop,
            StatePlans.Weight => payment.Weight is { } weight && !double.IsNaN(weight) ? weight : null,
            StatePlans.Fraud => Known(payment, at, report => report.Fraud is { } fraud ? fraud ? 1L : 0L : null) ?? 0L,
            StatePlans.Grade => Known(payment, at, report => report.Grade),
            StatePlans.Verdict => Known(payment, at, report => report.Verdict),
            _ => throw new InvalidOperationException(),
        };
    }

    private object? Known(PlainPayment payment, long at, Func<PlainReport, object?> value) => _reports
        .Where(report => report.Payment.Id == payment.Id && report.At <= at && value(report) is not null)
        .OrderBy(report => report.At)
        .ThenBy(report => value(report)!, PlainOrder.One)
        .Select(value)
        .LastOrDefault();

    private static Value ToValue(object value, ColumnPlan column) => value switch
    {
        string text => Value.Of(text),
        double number => Value.Of(number == 0 ? 0.0 : number),
        long integer => Value.Of(integer / (double)BigInteger.Pow(10, column.Scale)),
        _ => throw new InvalidOperationException(),
    };
}

/// <summary>The order of values: numbers by value, text by ordinal.</summary>
internal sealed class PlainOrder : IComparer<object>
{
    public static PlainOrder One { get; } = new();

    public int Compare(object? left, object? right) => (left, right) switch
    {
        (string a, string b) => string.CompareOrdinal(a, b),
        (double a, double b) => a.CompareTo(b),
        (long a, long b) => a.CompareTo(b),
        _ => throw new InvalidOperationException(),
    };
}
