using System.Globalization;

namespace Grid.Orleans.Tests;

/// <summary>Random calls of a grid on few cards and terminals: decisions, events, labels early and late, and the same again.</summary>
internal sealed class OperationStream(int seed)
{
    private const long Day = 86_400_000;
    private static readonly EventTime Start = EventTime.FromUnixMilliseconds(1_530_000_000_000);
    private readonly Random _random = new(seed);
    private readonly List<string> _ids = [];

    public IEnumerable<(string Kind, Event Event)> Take(int count)
    {
        for (var i = 0; i < count; i++)
        {
            var id = _ids.Count > 0 && _random.Next(6) == 0 ? _ids[_random.Next(_ids.Count)] : Next(i);
            yield return _random.Next(5) switch
            {
                0 => ("observe", Payment(id)),
                1 => ("observe", Report(_random.Next(4) == 0 ? Next(i + 1) : id)),
                _ => ("decide", Payment(id)),
            };
        }
    }

    public static IEnumerable<EntityId> Entities => [.. Enumerable.Range(0, 4).Select(i => new EntityId("card", "c" + i)), .. Enumerable.Range(0, 3).Select(i => new EntityId("terminal", "t" + i))];

    public static EventTime End => EventTime.FromUnixMilliseconds(Start.UnixMilliseconds + (45 * Day));

    private string Next(int i)
    {
        var id = string.Create(CultureInfo.InvariantCulture, $"e{seed}-{i}");
        if (!_ids.Contains(id))
        {
            _ids.Add(id);
        }

        return id;
    }

    // All that an event says follows from its id: the same id is the same event.
    private static Event Payment(string id)
    {
        var random = new Random(id.Aggregate(17, (hash, c) => (hash * 31) + c));
        return new("transaction")
        {
            ["transaction_id"] = id,
            ["at"] = EventTime.FromUnixMilliseconds(Start.UnixMilliseconds + random.NextInt64(40 * Day)),
            ["card"] = "c" + random.Next(4),
            ["terminal"] = "t" + random.Next(3),
            ["amount"] = random.Next(10_000) / 100m,
        };
    }

    private Event Report(string id) => new("fraud_report")
    {
        ["transaction_id"] = id,
        ["at"] = EventTime.FromUnixMilliseconds(Start.UnixMilliseconds + (40 * Day) + _random.NextInt64(Day)),
        ["is_fraud"] = _random.Next(3) > 0,
    };
}
