using System.Numerics;
using Grid.Features.Plans;
using Grid.Features.State;

namespace Grid.Features.Tests.State.Integers;

/// <summary>Features of an integer field, with values over the whole range of 64 bits, against a recount in BigIntegers.</summary>
public sealed class IntegerTests : IDisposable
{
    private const int Seed = 12;
    private const int Events = 400;
    private const long Start = 1_000_000;
    private const long Window = 5_000;
    private const long Above = 9_007_199_254_740_993; // 2^53 + 1, which no double holds

    private static readonly DefinitionPlan Plan = DefinedPlan.Of("""
        events:
          tx:
            id: tx
            time: at
            fields: { tx: string, at: timestamp, acct: string, device: { type: integer, optional: true } }
            keys: { acct: acct }
        entities:
          acct:
            last: { last: tx.device, window: 5s }
            first: { first: tx.device, window: 5s }
            min: { min: tx.device, window: 5s }
            max: { max: tx.device, window: 5s }
            sum: { sum: tx.device, window: 5s }
            top: { top: tx.device, window: 5s }
            median: { quantile: tx.device, q: 0.5, window: 5s }
            next: "last + 1"
            none: { last: tx.device, window: 5s, where: "device > 9007199254740992 and device < 9007199254740992", empty: 9007199254740993 }
            is_new: "if(last = 9007199254740993, 1, 0)"
        """);

    private static readonly string[] Names = [.. Plan.Kinds[0].Features.Select(feature => feature.Name)];

    private readonly EntityStore _store = new(Plan);
    private readonly EventRow _row = new();
    private readonly List<(long At, long Device)> _told = [];

    [Fact]
    public void Integers_of_64_bits_are_read_as_they_were_sent()
    {
        var random = new Random(Seed);
        for (var i = 0; i < Events; i++)
        {
            Apply(Start + (i * 100), Integer(random));
            Check(Start + (i * 100) + random.Next(2_000));
        }
    }

    [Fact]
    public void Integers_above_2_to_the_53rd_that_differ_are_not_equal()
    {
        Apply(Start, Above - 1);
        Assert.Equal(Value.OfInteger(Above - 1), Read("last", Start));
        Assert.Equal(Value.Of(0), Read("is_new", Start));

        Apply(Start + 1, Above);
        Assert.Equal(Value.OfInteger(Above), Read("last", Start + 1));
        Assert.Equal(Value.Of(1), Read("is_new", Start + 1));
    }

    [Fact]
    public void An_empty_window_reads_as_the_declared_integer_with_all_its_digits()
    {
        Apply(Start, 1);
        Assert.Equal(Value.OfInteger(Above), Read("none", Start));
    }

    public void Dispose() => _store.Dispose();

    private void Check(long at)
    {
        var there = _told.Where(told => told.At > at - Window && told.At <= at).Select(told => told.Device).ToList();
        if (there.Count == 0)
        {
            return;
        }

        var sum = there.Aggregate(BigInteger.Zero, (total, device) => total + device);
        Equal(there[^1], "last");
        Equal(there[0], "first");
        Equal(there.Min(), "min");
        Equal(there.Max(), "max");
        Equal(there.Order().ElementAt((there.Count - 1) / 2), "median");
        Equal(there.GroupBy(device => device).OrderByDescending(same => same.Count()).ThenBy(same => same.Key).First().Key, "top");
        Same(sum >= long.MinValue && sum <= long.MaxValue ? Value.OfInteger((long)sum) : Value.Of((double)sum), Read("sum", at), "sum");
        Same(there[^1] == long.MaxValue ? Value.Missing : Value.OfInteger(there[^1] + 1), Read("next", at), "next");

        void Equal(long expected, string name) => Same(Value.OfInteger(expected), Read(name, at), name);
        void Same(Value expected, Value found, string name) =>
            Assert.True(name == "sum" && expected.Large is null && Math.Abs(expected.Number) > 1e18
                ? Math.Abs(expected.Number - found.Number) <= Math.BitIncrement(expected.Number) - expected.Number
                : expected.IsSameAs(found), $"{name} at {at - Start} ms: expected {expected}, found {found} (seed {Seed})");
    }

    private void Apply(long at, long device)
    {
        _row.Reset(Plan.Events[0]);
        _row.Set(0, FieldSlot.OfText($"t{_told.Count}"));
        _row.Set(1, FieldSlot.OfBits(at));
        _row.Set(2, FieldSlot.OfText("a"));
        _row.Set(3, FieldSlot.OfBits(device));
        _row.Seal();
        _store.Apply(_store.Find(0, "a") is { Exists: true } known ? known : _store.Create(0, "a"), _row);
        _told.Add((at, device));
    }

    private Value Read(string name, long at)
    {
        var value = new ReadValue[1];
        _store.Read(_store.Find(0, "a"), EventTime.FromUnixMilliseconds(at), [Array.IndexOf(Names, name)], value);
        return value[0].Value;
    }

    private static long Integer(Random random) => random.Next(5) switch
    {
        0 => random.NextInt64(long.MinValue, long.MaxValue),
        1 => Above + random.Next(-2, 3),
        2 => -Above + random.Next(-2, 3),
        3 => random.Next(2) == 0 ? long.MaxValue : long.MinValue,
        _ => random.Next(-5, 5),
    };
}
