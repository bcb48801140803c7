using System.Collections.Concurrent;
using Grid.Simulation.Fraud;

namespace Grid.Silo.Demo;

/// <summary>One payment of the day with its answer.</summary>
/// <param name="Payment">What was asked, with its truth.</param>
/// <param name="Decision">What was answered.</param>
/// <param name="Latency">From before the request to after its answer, at the caller.</param>
internal sealed record DemoAnswer(SimulatedTransaction Payment, Decision Decision, TimeSpan Latency);

/// <summary>The day that is driven: payments are sent when their time of the day comes, however long earlier ones take.</summary>
internal sealed class DemoDay
{
    private readonly ConcurrentQueue<DemoAnswer> _answers = new();
    private readonly TimeProvider _time;

    private DemoDay(DemoWorld world, TimeProvider time) => (World, _time) = (world, time);

    public DemoWorld World { get; }

    /// <summary>In the order of the answers.</summary>
    public IReadOnlyCollection<DemoAnswer> Answers => _answers;

    /// <summary>How long the day took to drive.</summary>
    public TimeSpan Took { get; private set; }

    public static async Task<DemoDay> DriveAsync(
        DemoWorld world, DemoCaller caller, TimeSpan takes, TimeProvider time, CancellationToken cancellation)
    {
        var day = new DemoDay(world, time);
        using var screen = DemoScreen.Open(day, time);
        var started = time.GetTimestamp();
        var underWay = new List<Task>();
        var reports = new Queue<SimulatedTransaction>(world.History
            .Where(payment => payment.Fraud && payment.At + DemoOptions.ReportDelay >= world.DayStart).TakeWhile(payment => payment.At + DemoOptions.ReportDelay < world.DayStart.AddDays(1)));
        foreach (var payment in world.Day)
        {
            var due = takes * ((payment.At - world.DayStart) / TimeSpan.FromDays(1)) - time.GetElapsedTime(started);
            if (due > TimeSpan.FromMilliseconds(5))
            {
                screen.Show(payment.At);
                await Task.Delay(due, time, cancellation);
            }

            while (reports.TryPeek(out var report) && report.At + DemoOptions.ReportDelay <= payment.At)
            {
                underWay.Add(caller.ReportAsync(reports.Dequeue(), cancellation));
            }

            underWay.Add(day.AskAsync(caller, payment, cancellation));
        }

        await Task.WhenAll(underWay);
        day.Took = time.GetElapsedTime(started);
        screen.Show(world.DayStart.AddDays(1));
        return day;
    }

    private async Task AskAsync(DemoCaller caller, SimulatedTransaction payment, CancellationToken cancellation)
    {
        var asked = _time.GetTimestamp();
        var decision = await caller.AuthorizeAsync(payment, cancellation);
        _answers.Enqueue(new(payment, decision, _time.GetElapsedTime(asked)));
    }
}
