namespace Grid.Drills;

/// <summary>
/// Sends payments, fraud reports and deliberate repetitions of both at a steady pace, each until it is answered, and checks each answer against what it knows.
/// </summary>
internal sealed class Caller(Asking asking, Traffic traffic, TimeSpan pace, int seed)
{
    private readonly Random _random = new(seed);
    private readonly List<Payment> _mine = [];

    /// <summary>Sends until told to stop; ends when its last call was answered.</summary>
    public async Task RunAsync(TimeProvider time, CancellationToken stop)
    {
        var due = TimeProvider.System.GetTimestamp();
        while (!stop.IsCancellationRequested)
        {
            await CallAsync();

            // A caller that was held up does not make up for it: the pace is a limit.
            due = Math.Max(due + (long)(pace.TotalSeconds * TimeProvider.System.TimestampFrequency * 2 * _random.NextDouble()), TimeProvider.System.GetTimestamp() - TimeProvider.System.TimestampFrequency);
            var wait = TimeProvider.System.GetElapsedTime(TimeProvider.System.GetTimestamp(), due);
            if (wait > TimeSpan.FromMilliseconds(1))
            {
                await Task.Delay(wait, time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private Task CallAsync()
    {
        var dice = _random.Next(20);
        if (dice < 15 || _mine.Count == 0)
        {
            var payment = traffic.Draw(_random);
            _mine.Add(payment);
            return SendAsync(payment);
        }

        var earlier = _mine[_random.Next(_mine.Count)];
        return dice < 18 ? SendAsync(earlier) : ReportAsync(earlier);
    }

    private Task SendAsync(Payment payment) => payment.Asks ? DecideAsync(payment) : IngestAsync(payment);

    private async Task DecideAsync(Payment payment)
    {
        var decision = await asking.AskAsync($"authorize {payment.Id}", grid => grid.DecideAsync("authorize", payment.ToEvent(), default), _random);
        if (decision.EventId != payment.Id)
        {
            throw asking.Fault($"{payment.Id} got the decision of {decision.EventId}.");
        }

        if (payment.First is { } first)
        {
            if (SameDecision.Difference(first, decision) is { } difference)
            {
                throw asking.Fault($"{payment.Id} was decided again, and not as it was at first: {difference}");
            }

            if (!decision.Duplicate)
            {
                throw asking.Fault($"{payment.Id} was acknowledged, and its repetition is not called a duplicate.");
            }
        }

        payment.First ??= decision;
        payment.Acknowledged = true;
    }

    private async Task IngestAsync(Payment payment)
    {
        var receipt = await asking.AskAsync($"transaction {payment.Id}", grid => grid.IngestAsync(payment.ToEvent(), default), _random);
        if (receipt.Outcome == EventOutcome.Rejected || (payment.Acknowledged && receipt.Outcome != EventOutcome.Duplicate))
        {
            throw asking.Fault($"{payment.Id} ({(payment.Acknowledged ? "acknowledged before" : "new")}) is {receipt.Outcome}: {receipt.ValidationError}");
        }

        payment.Acknowledged = true;
    }

    private async Task ReportAsync(Payment payment)
    {
        payment.Reported = true;
        var receipt = await asking.AskAsync($"fraud_report {payment.Id}", grid => grid.IngestAsync(payment.ToReport(), default), _random);
        if (receipt.Outcome == EventOutcome.Rejected || (payment.ReportAcknowledged && receipt.Outcome != EventOutcome.Duplicate))
        {
            throw asking.Fault($"The report of {payment.Id} ({(payment.ReportAcknowledged ? "acknowledged before" : "new")}) is {receipt.Outcome}: {receipt.ValidationError}");
        }

        payment.ReportAcknowledged = true;
    }
}
