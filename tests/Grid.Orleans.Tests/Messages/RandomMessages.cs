using System.Globalization;
using Grid.Features.Plans;

namespace Grid.Orleans.Tests;

/// <summary>Messages with everything in them that a message may hold, from a seed.</summary>
internal sealed class RandomMessages(int seed)
{
    private readonly Random _random = new(seed);

    public IEnumerable<object> All() =>
    [
        Event(), Value(), Time(), Decision(), Reading(), new EntityFeatures(Entity(), Time(), Readings()), Entity(), Payment(), ValidationError(), Receipt(), Exception(),
        new Heard(Entity(), _random.NextInt64(), Bytes()), new FeatureValues([.. Readings().Select(_ => Read())]), Description(),
        new ModelScore([.. Enumerable.Range(0, _random.Next(4)).Select(_ => _random.NextSingle())], Text()),
        new RankRequest(Event(), [.. Enumerable.Range(0, _random.Next(4)).Select(_ => Event())]), Ranking(), Search(),
        Batch(), Loaded(), new FeatureList([.. Enumerable.Range(0, _random.Next(4)).Select(_ => Entry())]),
    ];

    public Decision Decision(IReadOnlyList<FeatureReading>? features = null, IReadOnlyList<DecisionOutput>? outputs = null) => new()
    {
        Id = Text(),
        Name = Text(),
        Owner = Entity(),
        EventId = Text(),
        At = Time(),
        Action = Text(),
        Score = Number(),
        Reasons = [.. Enumerable.Range(0, _random.Next(4)).Select(_ => Text())],
        Features = features ?? Readings(),
        Outputs = outputs ?? [.. Enumerable.Range(0, _random.Next(4)).Select(_ => new DecisionOutput(Text(), Number()))],
        TimedOut = [.. Enumerable.Range(0, _random.Next(3)).Select(_ => Text())],
        Model = Text(),
        Bundle = Text(),
        Fallback = _random.Next(2) == 0,
        Duplicate = _random.Next(2) == 0,
    };

    public Ranking Ranking(IReadOnlyList<RankedItem>? items = null)
    {
        var names = Readings();
        return new()
        {
            Id = Text(),
            Name = Text(),
            Owner = Entity(),
            EventId = Text(),
            At = Time(),
            Items = items ?? [.. Enumerable.Range(0, _random.Next(5)).Select(_ => Item(_random.Next(4) == 0 ? Readings() : names))],
            Model = Text(),
            FallbackModel = _random.Next(2) == 0 ? null : Text(),
            Bundle = Text(),
            Fallback = _random.Next(2) == 0,
            Duplicate = _random.Next(2) == 0,
            TimedOut = [.. Enumerable.Range(0, _random.Next(3)).Select(_ => Entity())],
        };
    }

    private RankedItem Item(FeatureReading[] named) => new()
    {
        Key = Text(),
        Place = _random.Next(3) == 0 ? null : _random.Next(1, 1_000),
        Action = Text(),
        Score = Number(),
        Reasons = [.. Enumerable.Range(0, _random.Next(3)).Select(_ => Text())],
        Features = [.. named.Select(one => Reading() with { Name = one.Name })],
        Outputs = [.. Enumerable.Range(0, _random.Next(3)).Select(i => new DecisionOutput($"o{i}", Number()))],
        TimedOut = [.. Enumerable.Range(0, _random.Next(3)).Select(_ => Text())],
        ByFallbackModel = _random.Next(2) == 0,
        Fallback = _random.Next(2) == 0,
    };

    private Search Search() => new(
        Text(), _random.Next(2) == 0 ? null : Time(), _random.Next(2) == 0 ? null : Text(), _random.Next() / 100m,
        [.. Enumerable.Range(0, _random.Next(4)).Select(_ => new Candidate(Text(), Text(), Text(), _random.Next() / 1000m))]);

    private BatchFile Batch()
    {
        var features = Enumerable.Range(0, _random.Next(4)).Select(_ => Text()).ToArray();
        return new(Text(), features, [.. Enumerable.Range(0, _random.Next(6)).Select(_ => new BatchRow(Text(), Time(), [.. features[_random.Next(features.Length + 1)..].Select(_ => Value())]))]);
    }

    private BatchReceipt Loaded() => new(Text(), [.. Enumerable.Range(0, _random.Next(4)).Select(_ => Text())], _random.NextInt64(), Time(), Time(), Time());

    private FeatureEntry Entry() => new(
        Text(), (FeatureTier)_random.Next(4), Text(), Text(), Span(), _random.Next(), Span(), _random.Next(2) == 0 ? null : Loaded(), Number());

    private long? Span() => _random.Next(2) == 0 ? null : _random.NextInt64();

    private Event Event()
    {
        var made = new Event(Text(), _random.Next(9));
        for (var fields = _random.Next(12); fields > 0; fields--)
        {
            made.Add(Text() + fields.ToString(CultureInfo.InvariantCulture), Value());
        }

        return made;
    }

    private FieldValue Value() => _random.Next(7) switch
    {
        0 => default,
        1 => Text(),
        2 => Number(),
        3 => _random.Next(2) == 0,
        4 => Time(),
        5 => _random.NextInt64(long.MinValue, long.MaxValue),
        _ => new decimal(_random.Next(), _random.Next(), _random.Next(), _random.Next(2) == 0, (byte)_random.Next(29)),
    };

    private FeatureReading[] Readings() => [.. Enumerable.Range(0, _random.Next(20)).Select(_ => Reading())];

    private FeatureReading Reading() =>
        new(Text(), Number(), _random.Next(3) == 0 ? Text() : null, _random.NextInt64(-1, 1L << 40), _random.Next(2) == 0, (FeatureSource)_random.Next(5), _random.Next());

    private ReadValue Read() => new(new(Number(), _random.Next(3) == 0 ? Text() : null), _random.NextInt64(-1, 1L << 40), _random.Next(2) == 0);

    private Payment Payment() => new(Text(), _random.Next(2) == 0 ? null : Time(), Text(), _random.Next() / 100m);

    private ValidationError ValidationError() => new(Text(), Text(), Text());

    private EventReceipt Receipt()
    {
        var (outcome, fault) = ((EventOutcome)_random.Next(3), _random.Next(2) == 0 ? null : ValidationError());
        return outcome == EventOutcome.Rejected
            ? new(outcome, fault, fault is null ? GridError.InvalidInput : GridError.IdConflict)
            : new(outcome, fault);
    }

    private GridException Exception() => new((GridError)_random.Next(5), Text(), _random.Next(2) == 0 ? null : ValidationError());

    private GridDescription Description() => new(
        new(Text(), Text(), [new("a", "id", "at", [new("id", FieldType.String, 0, true, null, null)], null)], [new("k", [new("f", Text(), 5, 0)])], [new("d", "a", "k", ["f"], "m", ["x"], ["o"])]),
        new Dictionary<string, string> { ["d"] = Text() },
        new Dictionary<string, IReadOnlyList<(string, string)>> { ["a"] = [(Text(), Text()), ("k", "f")] });

    private EntityId Entity() => new(Text(), Text());

    private EventTime Time() => EventTime.FromUnixMilliseconds(_random.NextInt64(EventTime.MaxUnixMilliseconds));

    private double Number() => _random.Next(6) switch
    {
        0 => double.NaN,
        1 => double.NegativeInfinity,
        2 => -0.0,
        3 => _random.Next(),
        _ => _random.NextDouble(),
    };

    private string Text() => _random.Next(5) switch
    {
        0 => "",
        1 => "é ßˑ 漢字 😀",
        2 => new('x', _random.Next(3000)),
        _ => _random.Next().ToString(CultureInfo.InvariantCulture),
    };

    private byte[] Bytes()
    {
        var bytes = new byte[_random.Next(2000)];
        _random.NextBytes(bytes);
        return bytes;
    }
}
