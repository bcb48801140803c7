using Spectre.Console;

namespace Grid.Silo.Demo;

/// <summary>Tells the grid what happened before the day: payments, and the reports of those that were fraud, as NDJSON, a day at a time.</summary>
internal static class DemoHistory
{
    /// <returns>How many events were told.</returns>
    public static async Task<long> TellAsync(DemoWorld world, DemoCaller caller, CancellationToken cancellation)
    {
        if (!AnsiConsole.Profile.Out.IsTerminal)
        {
            return await TellAsync(world, caller, _ => { }, cancellation);
        }

        var told = 0L;
        await AnsiConsole.Progress().AutoClear(true).Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn()).StartAsync(async progress =>
        {
            var task = progress.AddTask("History", maxValue: DemoOptions.HistoryDays);
            told = await TellAsync(world, caller, day => task.Value = day, cancellation);
        });
        return told;
    }

    private static async Task<long> TellAsync(DemoWorld world, DemoCaller caller, Action<int> progress, CancellationToken cancellation)
    {
        var told = 0L;
        var first = world.DayStart.AddDays(-DemoOptions.HistoryDays);
        var reported = world.History.Where(payment => payment.Fraud && payment.At + DemoOptions.ReportDelay < world.DayStart)
            .ToLookup(fraud => (int)(fraud.At + DemoOptions.ReportDelay - first).TotalDays);
        foreach (var day in world.History.GroupBy(payment => (int)(payment.At - first).TotalDays))
        {
            var payments = day.Select(payment => DemoCaller.EventOf(payment)).ToList();
            await caller.TellAsync("transaction", payments, cancellation);
            var reports = reported[day.Key].Select(fraud => DemoCaller.ReportOf(fraud)).ToList();
            await caller.TellAsync("fraud_report", reports, cancellation);
            told += payments.Count + reports.Count;
            progress(day.Key + 1);
        }

        return told;
    }
}
