using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Text;
using Grid.Json;
using Grid.Testing;

namespace Grid.EndToEnd.Tests;

/// <summary>
/// The real process, killed under load at random points of its work: what was acknowledged is counted exactly once, what was not is counted at most once,
/// and is counted exactly once when it is sent again.
/// </summary>
public sealed class KillTests : IDisposable
{
    private const int Kills = 12;
    private const int Workers = 6;
    private const int MostAnswersBeforeAKill = 1_200;
    private const int Cards = 40;
    private const int Terminals = 15;
    private const long Day = 86_400_000;

    private readonly ConcurrentQueue<Sent> _all = new();
    private readonly HttpClient _http = new(new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.FromSeconds(5) }) { Timeout = Limit.Generous };
    private readonly long _base = (TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds() / Day * Day) - (20 * Day);
    private int _numbers;
    private int _answersToCome;
    private TaskCompletionSource _due = new();

    [Fact]
    public async Task What_was_acknowledged_survives_every_kill_and_is_counted_once()
    {
        var seed = Environment.GetEnvironmentVariable("GRID_KILL_SEED") is { } given ? int.Parse(given, CultureInfo.InvariantCulture) : 1;
        TestContext.Current.TestOutputHelper!.WriteLine($"Seed {seed}; again with GRID_KILL_SEED={seed}.");
        using var folder = new TemporaryFolder();
        var random = new Random(seed);
        var (killed, unknown) = (0, 0);
        while (true)
        {
            // Short beats, so that kills also fall into checkpoints, into entities being put away and coming back.
            await using var silo = await SiloProcess.StartAsync(
                folder.Path, "--Grid:Engine:CheckpointEvery=00:00:00.150", "--Grid:Engine:IdleAfter=00:00:01", "--Grid:Engine:Shards=4");
            await CheckAsync(silo.Address, exact: false);
            await Task.WhenAll(Enumerable.Range(0, Workers).Select(worker => SettleAsync(silo.Address, worker)));
            await CheckAsync(silo.Address, exact: true);
            if (killed == Kills)
            {
                break;
            }

            using var stop = new CancellationTokenSource();
            _due = new(TaskCreationOptions.RunContinuationsAsynchronously);
            _answersToCome = random.Next(1, MostAnswersBeforeAKill);
            var load = Enumerable.Range(0, Workers).Select(worker => Task.Run(() => LoadAsync(silo.Address, new Random(seed + (killed * Workers) + worker), stop.Token))).ToArray();
            await _due.Task.InTime();
            await silo.KillAsync();
            await stop.CancelAsync();
            await Task.WhenAll(load);
            killed++;
            unknown += _all.Count(sent => !sent.Acknowledged);
        }

        TestContext.Current.TestOutputHelper!.WriteLine(
            $"{killed} kills, {_all.Count} payments, {_all.Count(sent => sent.Reported)} reports, {unknown} without an answer when the process died.");
        Assert.True(_all.Count > 20 * Kills, $"Only {_all.Count} payments: too few to say anything.");
        Assert.True(unknown > 0, "No kill fell into a call that was under way.");
    }

    public void Dispose() => _http.Dispose();

    /// <summary>Sends payments, reports and deliberate repetitions until the process is gone.</summary>
    private async Task LoadAsync(Uri silo, Random random, CancellationToken stop)
    {
        var mine = new List<Sent>();
        try
        {
            while (!stop.IsCancellationRequested)
            {
                var dice = random.Next(10);
                if (dice < 7 || mine.Count == 0)
                {
                    var sent = new Sent(Interlocked.Increment(ref _numbers), random.Next(Cards), random.Next(Terminals), random.Next(1, 50_000), _base + random.Next((int)Day), dice < 4);
                    mine.Add(sent);
                    _all.Enqueue(sent);
                    await SendAsync(silo, sent);
                }
                else if (dice < 9)
                {
                    await SendAsync(silo, mine[random.Next(mine.Count)]);
                }
                else
                {
                    var fraud = mine[random.Next(mine.Count)];
                    fraud.Reported = true;
                    await ReportAsync(silo, fraud);
                }
            }
        }
        catch (HttpRequestException)
        {
            // The process is gone.
        }
        catch (IOException)
        {
            // It went in the middle of an answer.
        }
    }

    /// <summary>Sends again what had no answer, as a caller does.</summary>
    private async Task SettleAsync(Uri silo, int worker)
    {
        foreach (var sent in _all.Where((_, i) => i % Workers == worker))
        {
            if (!sent.Acknowledged)
            {
                await SendAsync(silo, sent);
                Assert.True(sent.Acknowledged);
            }

            if (sent.Reported && !sent.ReportAcknowledged)
            {
                await ReportAsync(silo, sent);
                Assert.True(sent.ReportAcknowledged);
            }
        }
    }

    private async Task SendAsync(Uri silo, Sent sent)
    {
        var bytes = await PostAsync(silo, sent.Asks ? "/v1/decisions/authorize" : "/v1/events/transaction", sent.Json);
        if (sent.Asks)
        {
            var decision = DecisionJson.Read(bytes);
            Assert.Equal(sent.Id, decision.EventId);
            Assert.Equal(sent.DecisionId ?? decision.Id, decision.Id); // the first answer again, also across kills
            sent.DecisionId = decision.Id;
        }
        else
        {
            var outcome = ReceiptJson.Read(bytes).Outcome;
            Assert.True(!sent.Acknowledged || outcome == EventOutcome.Duplicate, $"{sent.Id} was acknowledged, and is {outcome} when it is sent again.");
        }

        sent.Acknowledged = true;
    }

    private async Task ReportAsync(Uri silo, Sent fraud)
    {
        await PostAsync(silo, "/v1/events/fraud_report", fraud.ReportJson);
        fraud.ReportAcknowledged = true;
    }

    private async Task<byte[]> PostAsync(Uri silo, string path, string json)
    {
        using var content = new StringContent(json, Encoding.UTF8, "application/json");
        using var answer = await _http.PostAsync(new Uri(silo, path), content);
        var bytes = await answer.Content.ReadAsByteArrayAsync();
        Assert.True(answer.StatusCode == HttpStatusCode.OK, $"{path} {json}: {answer.StatusCode} {Encoding.UTF8.GetString(bytes)}");
        if (Interlocked.Decrement(ref _answersToCome) == 0)
        {
            _due.SetResult();
        }

        return bytes;
    }

    /// <summary>Every count and mean of every card and terminal, against what the callers know.</summary>
    private async Task CheckAsync(Uri silo, bool exact)
    {
        var all = _all.ToArray();
        var checks = Enumerable.Range(0, Cards).Select(card => CheckCardAsync(silo, card, all, exact))
            .Concat(Enumerable.Range(0, Terminals).Select(terminal => CheckTerminalAsync(silo, terminal, all, exact)));
        await Task.WhenAll(checks);
    }

    private async Task CheckCardAsync(Uri silo, int card, Sent[] all, bool exact)
    {
        var mine = all.Where(sent => sent.Card == card).ToArray();
        var features = await ReadAsync(silo, $"/v1/entities/card/{card}/features?at={_base + Day}");
        var count = features["tx_count_7d"].Value;
        Assert.InRange(count, mine.Count(sent => sent.Acknowledged), mine.Length);
        if (exact && mine.Length > 0)
        {
            Assert.Equal(mine.Length, count);
            Assert.Equal(mine.Length, features["tx_count_30d"].Value);
            Assert.Equal((double)mine.Sum(sent => sent.Cents) / 100 / mine.Length, features["amount_mean_30d"].Value, 1e-9);
        }
    }

    private async Task CheckTerminalAsync(Uri silo, int terminal, Sent[] all, bool exact)
    {
        // The terminal's windows end seven days before the moment of reading.
        var mine = all.Where(sent => sent.Terminal == terminal).ToArray();
        var features = await ReadAsync(silo, $"/v1/entities/terminal/{terminal}/features?at={_base + (8 * Day)}");
        var count = features["tx_count_7d"].Value;
        Assert.InRange(count, mine.Count(sent => sent.Acknowledged), mine.Length);
        var frauds = features["risk_7d"].Value * count;
        Assert.InRange(frauds, mine.Count(sent => sent.ReportAcknowledged) - 1e-6, mine.Count(sent => sent.Reported) + 1e-6);
        if (exact)
        {
            Assert.Equal(mine.Length, count);
            Assert.Equal(mine.Count(sent => sent.Reported), frauds, 1e-6);
        }
    }

    private async Task<EntityFeatures> ReadAsync(Uri silo, string path)
    {
        using var answer = await _http.GetAsync(new Uri(silo, path));
        var bytes = await answer.Content.ReadAsByteArrayAsync();
        Assert.True(answer.IsSuccessStatusCode, $"{path}: {answer.StatusCode} {Encoding.UTF8.GetString(bytes)}");
        return EntityFeaturesJson.Read(bytes);
    }
}
