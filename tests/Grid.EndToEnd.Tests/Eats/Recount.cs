namespace Grid.EndToEnd.Tests.Eats;

/// <summary>
/// What the features of <c>bundles/eats</c> should read, counted by brute force over the rows: of what was told by now, whatever happened at or
/// before the moment counts, in whichever order it was told and however late.
/// </summary>
internal sealed class Recount(IReadOnlyList<Delivery> rows)
{
    public const string Placed = "order_placed";
    public const string Arrived = "courier_arrived";
    public const string Delivered = "order_delivered";
    private readonly HashSet<(string Type, int Row)> _told = [];

    /// <summary>Notes that an event was told; telling it again changes nothing.</summary>
    /// <returns>Whether it was new.</returns>
    public bool Tell(string type, int row) => _told.Add((type, row));

    /// <summary>How many were placed in the window and not delivered by the moment.</summary>
    public int Open(Func<Delivery, bool> of, double at, double window) =>
        Within(Placed, of, at, window).Count(row => !(IsTold(Delivered, row) && row.Delivered <= at));

    /// <summary>How many events of a type lie in the window.</summary>
    public int Count(string type, Func<Delivery, bool> of, double at, double window) => Within(type, of, at, window).Count();

    /// <summary>How many couriers were last heard of by a kind of event, in the window, with no event of the other kind at that moment or since.</summary>
    public int Couriers(string by, string other, Func<Delivery, bool> of, double at, double window)
    {
        var last = Latest(by, of, at);
        var ended = Latest(other, of, at);
        return last.Count(courier => courier.Value > at - window && !(ended.TryGetValue(courier.Key, out var end) && end >= courier.Value));
    }

    private Dictionary<string, double> Latest(string type, Func<Delivery, bool> of, double at) =>
        Within(type, of, at, double.PositiveInfinity).Where(row => row.Courier.Length > 0)
            .GroupBy(row => row.Courier)
            .ToDictionary(courier => courier.Key, courier => courier.Max(row => When(type, row)!.Value));

    private IEnumerable<Delivery> Within(string type, Func<Delivery, bool> of, double at, double window) =>
        rows.Where(row => of(row) && When(type, row) is { } when && when <= at && when > at - window && IsTold(type, row));

    private bool IsTold(string type, Delivery row) => _told.Contains((type, row.Row));

    private static double? When(string type, Delivery row) => type switch
    {
        Placed => row.Placed,
        Arrived => row.Arrived,
        Delivered => row.Delivered,
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "Only these are recounted."),
    };
}
