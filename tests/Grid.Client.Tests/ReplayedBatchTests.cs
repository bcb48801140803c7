using Grid.Testing;
using Microsoft.Extensions.Time.Testing;

namespace Grid.Client.Tests;

/// <summary>Files of batch features in a replay: each decision reads what the live one read at its moment.</summary>
public sealed class ReplayedBatchTests : IDisposable
{
    private const string Text = """
        bundle: tastes
        version: 1.0.0
        events:
          search:
            id: search
            time: at
            fields: { search: string, at: timestamp, user: string }
            keys: { user: user }
        entities:
          user:
            searches: { count: search, window: 1d }
            spend: { batch: number, max_age: 12h }
        models:
          small: { file: models/small.onnx, input: x, score: p }
        decisions:
          offer:
            on: search
            owner: user
            features: [user.searches, user.spend]
            model: small
            policy:
              - give: "user.spend > 10"
                reason: spends_much
              - pass: "true"
            fallback: { pass: no_score }
        sources:
          log:
            format: csv
            events:
              - event: search
                columns: { search: search, at: at, user: user }
        """;

    private const string Log = """
        search,at,user
        s0,2026-01-01T02:59:59.999Z,u
        s1,2026-01-01T03:00:00.000Z,u
        s2,2026-01-01T11:00:00.000Z,u
        s3,2026-01-01T12:00:00.001Z,u
        s4,2026-01-02T03:00:00.000Z,u
        s5,2026-01-02T03:00:01.000Z,v

        """;

    private readonly BundleFolder _folder = new BundleFolder(
        ("bundle.yaml", Text),
        ("log.csv", Log),
        ("first.csv", "entity,at,spend\nu,2026-01-01T00:00:00Z,12.5\nv,2026-01-01T00:00:00Z,3\n"),
        ("second.csv", "entity,at,spend\nu,2026-01-02T00:00:00Z,7\n")).AddModel("logistic_small", "small");

    private string Out => At("out.csv");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Each_decision_reads_the_file_that_was_loaded_by_its_moment()
    {
        var ran = await Ran.Async(
        [
            "replay", At("log.csv"), "--bundle", _folder.Path, "--source", "log", "--decision", "offer", "--out", Out,
            "--batch", $"user={At("second.csv")}@2026-01-02T03:00:00Z", "--batch", $"user={At("first.csv")}@2026-01-01T03:00:00Z",
        ]);

        Assert.Equal((0, ""), (ran.Code, ran.Error));
        Assert.Equal(
            [
                "search,user.searches,user.spend,action",
                "s0,1,,pass", // Not loaded yet.
                "s1,2,12.5,give",
                "s2,3,12.5,give",
                "s3,4,,pass", // Older than its max_age.
                "s4,3,7,pass", // The first two searches are out of the window; the second file is there.
                "s5,1,,pass", // The second file does not name it.
            ],
            (await File.ReadAllLinesAsync(Out, TestContext.Current.CancellationToken)).Select(line => line.Split(',')).Select(row => string.Join(',', [.. row[..3], row[^1]])));
    }

    [Fact]
    public async Task Durations_of_a_replay_are_those_of_its_clock()
    {
        var still = new FakeTimeProvider(new(2027, 1, 1, 0, 0, 0, TimeSpan.Zero));

        var ran = await Ran.Async(["replay", At("log.csv"), "--bundle", _folder.Path, "--source", "log", "--decision", "offer"], time: still);

        Assert.Equal((0, ""), (ran.Code, ran.Error));
        Assert.Matches(@"seconds +0\.0\n", ran.Out);
        Assert.Matches(@"latency max +0\.0 µs\n", ran.Out);
    }

    [Theory]
    [InlineData("user=first.csv", 2, "expected one such as user=tastes.csv@2025-07-25T03:00:00Z")]
    [InlineData("first.csv@2026-01-01", 2, "expected one such as user=tastes.csv@2025-07-25T03:00:00Z")]
    [InlineData("user=first.csv@monday", 2, "expected one such as user=tastes.csv@2025-07-25T03:00:00Z")]
    [InlineData("usr=first.csv@2026-01-01", 1, "no kind 'usr'")]
    [InlineData("user=nowhere.csv@2026-01-01", 1, "There is no file 'nowhere.csv'.")]
    public async Task What_cannot_be_loaded_is_told_before_anything_is_replayed(string batch, int code, string says)
    {
        var ran = await Ran.Async(["replay", At("log.csv"), "--bundle", _folder.Path, "--source", "log", "--decision", "offer", "--out", Out, "--batch", batch]);

        Assert.Equal(code, ran.Code);
        Assert.Contains(says, ran.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(Out));
    }

    private string At(string name) => Path.Combine(_folder.Path, name);
}
