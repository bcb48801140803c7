using Grid.Drills;
using Sent = Grid.Drills.Payment;

namespace Grid.Orleans.Tests;

/// <summary>
/// <c>kill -9</c> of a silo process while callers are at work, after a seeded number of acknowledged payments: afterwards each acknowledged
/// event is counted exactly once, in the card and in the terminal, and every decision is found as it was answered.
/// </summary>
[Collection(nameof(Alone))]
public sealed class AzureKillTests(AzuriteFixture azurite)
{
    private const int Seed = 20_260_828;
    private const int Callers = 8;
    private const int PaymentsOfEach = 30;

    [Fact]
    public async Task Killing_a_silo_process_loses_and_repeats_nothing_that_was_acknowledged()
    {
        var server = await azurite.GetAsync();
        var name = "c" + Guid.NewGuid().ToString("N");
        await using var cluster = await SiloCluster.StartAsync(new(), new SiloStore(
        [
            "--Grid:Orleans:Clustering=azure", "--Grid:Orleans:Storage=azure", "--Grid:Orleans:Azure:Table=Members",
            "--Grid:Orleans:Azure:Container=" + name, "--Grid:Orleans:Azure:ConnectionString=" + server.ConnectionString,
        ]));
        var random = new Random(Seed);
        var (killAt, victim) = (random.Next(60, 180), cluster.Silos[random.Next(3)]);
        var log = new CallLog();
        var traffic = new Traffic(20, 10, EventTime.FromUnixMilliseconds(Payments.Noon.UnixMilliseconds / Traffic.Day * Traffic.Day));
        var asking = new Asking(cluster.Doors, log, TimeProvider.System);
        var acknowledged = 0;

        await Task.WhenAll(Enumerable.Range(0, Callers).Select(caller => Task.Run(async () =>
        {
            var mine = new Random(Seed + caller);
            for (var i = 0; i < PaymentsOfEach; i++)
            {
                await SendAsync(asking, traffic.Draw(mine), mine);
                if (Interlocked.Increment(ref acknowledged) == killAt)
                {
                    victim.Kill();
                }
            }
        })));
        Assert.True(victim.IsGone);
        cluster.Leave(victim);
        await cluster.MendAsync();
        var said = await new Audit(asking, traffic).RunAsync();

        Assert.Equal(Callers * PaymentsOfEach, acknowledged);
        Assert.Empty(log.Faults);
        TestContext.Current.TestOutputHelper!.WriteLine($"{victim.Name} killed after {killAt} payments. {said}");
    }

    /// <summary>Sends a payment; every third is sent again, and every fourth is reported.</summary>
    private static async Task SendAsync(Asking asking, Sent payment, Random random)
    {
        await AcknowledgeAsync(asking, payment, random);
        payment.Acknowledged = true;
        if (random.Next(3) == 0)
        {
            await AcknowledgeAsync(asking, payment, random);
        }

        if (random.Next(4) == 0)
        {
            payment.Reported = true;
            var receipt = await asking.AskAsync($"report of {payment.Id}", grid => grid.IngestAsync(payment.ToReport(), default), random);
            payment.ReportAcknowledged = receipt.Outcome != EventOutcome.Rejected;
        }
    }

    private static async Task AcknowledgeAsync(Asking asking, Sent payment, Random random)
    {
        if (payment.Asks)
        {
            var decision = await asking.AskAsync(payment.Id, grid => grid.DecideAsync("authorize", payment.ToEvent(), default), random);
            Assert.True(
                payment.First is null || SameDecision.Difference(payment.First, decision) is null, $"{payment.Id} was decided twice.");
            payment.First ??= decision;
        }
        else
        {
            var receipt = await asking.AskAsync(payment.Id, grid => grid.IngestAsync(payment.ToEvent(), default), random);
            Assert.NotEqual(EventOutcome.Rejected, receipt.Outcome);
        }
    }
}
