using System.Diagnostics;
using System.Globalization;
using Grid.Engine;

namespace Grid.Benchmarks;

/// <summary>
/// A decision whose windows hold 10,000 events over one whose windows hold 10, and an event that comes 256 positions late over one in order.
/// As many cards, terminals and decisions on either side; what differs is how close together the events lie.
/// </summary>
internal static class WindowLength
{
    private const int Cards = 20;
    private const long Window = 30 * Fraud.Day;

    // 2000-01-01: where ten events fill thirty days, the rounds take thirteen years.
    private const long Start = 946_684_800_000;

    public static async Task WindowAsync(int rounds, Scale scale)
    {
        var (inWindow, perRound) = (InWindow(scale), PerRound(scale));
        await using var fraud = new Fraud(Durability.Received);
        var many = await SideAsync(fraud, "many", inWindow);
        var few = await SideAsync(fraud, "few", 10);
        await many.DecideAsync(perRound);
        await few.DecideAsync(perRound);
        Check(many, inWindow);
        Check(few, 10);

        var (ratio, ours, theirs) = await Rounds.CompareAsync(scale.Rounds(rounds), _ => many.DecideAsync(perRound), _ => few.DecideAsync(perRound));
        Rounds.Print("window_10k_over_10", ratio, $"{ours:0.00} us over {theirs:0.00} us a decision");
    }

    public static async Task LateAsync(int rounds, Scale scale)
    {
        var (inWindow, perRound) = (InWindow(scale), PerRound(scale));
        await using var fraud = new Fraud(Durability.Received);
        var late = await SideAsync(fraud, "late", inWindow);
        var inOrder = await SideAsync(fraud, "in-order", inWindow);
        await late.IngestAsync(perRound, positionsLate: 256);
        await inOrder.IngestAsync(perRound, positionsLate: 0);

        var (ratio, ours, theirs) = await Rounds.CompareAsync(
            scale.Rounds(rounds), _ => late.IngestAsync(perRound, positionsLate: 256), _ => inOrder.IngestAsync(perRound, positionsLate: 0));
        Rounds.Print("late_over_in_order", ratio, $"{ours:0.00} us over {theirs:0.00} us an event, {inWindow.ToString("N0", CultureInfo.InvariantCulture)} events in the windows");
    }

    private static int InWindow(Scale scale) => scale.Pick(full: 10_000, smoke: 300);

    private static int PerRound(Scale scale) => scale.Pick(full: 4_000, smoke: 100);

    private static async Task<Side> SideAsync(Fraud fraud, string name, int inWindow)
    {
        var side = new Side(fraud, name, Window / inWindow);
        await fraud.FillAsync(side.Next(Cards * inWindow));
        return side;
    }

    private static void Check(Side side, int inWindow)
    {
        var count = side.Last!.Features.Single(feature => feature.Name == "card.tx_count_30d").Value;
        if (Math.Abs(count - inWindow) > 1)
        {
            throw new InvalidOperationException($"The window holds {count} events where {inWindow} were meant.");
        }
    }

    /// <summary>Cards that pay in turn, each of them once every <paramref name="step"/> milliseconds, each at a terminal of its own.</summary>
    private sealed class Side(Fraud fraud, string name, long step)
    {
        private int _next;

        public Decision? Last { get; private set; }

        public IEnumerable<Event> Next(int count, int positionsLate = 0)
        {
            for (var i = 0; i < count; i++, _next++)
            {
                var card = _next % Cards;
                var at = Start + ((_next / Cards - positionsLate) * step) + (positionsLate == 0 ? 0 : step / 2);
                yield return Fraud.Payment($"{name}-{_next}", at, $"{name}-c{card}", $"{name}-t{card}", 10 + (_next % 1000 / 100m));
            }
        }

        public async Task<double> DecideAsync(int count)
        {
            var payments = Next(count).ToArray();
            var started = Stopwatch.GetTimestamp();
            foreach (var payment in payments)
            {
                Last = await fraud.Grid.DecideAsync("authorize", payment, default);
            }

            return Stopwatch.GetElapsedTime(started).TotalMicroseconds / count;
        }

        public async Task<double> IngestAsync(int count, int positionsLate)
        {
            var payments = Next(count, positionsLate).ToArray();
            var started = Stopwatch.GetTimestamp();
            foreach (var payment in payments)
            {
                await fraud.Grid.IngestAsync(payment, default);
            }

            return Stopwatch.GetElapsedTime(started).TotalMicroseconds / count;
        }
    }
}
