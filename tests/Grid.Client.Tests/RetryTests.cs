using System.Net;
using System.Net.Sockets;
using System.Text;
using Grid.Json;
using Grid.Testing;

namespace Grid.Client.Tests;

public sealed class RetryTests
{
    private static readonly byte[] Schema = GridJson.Utf8(new GridSchema("b", "1", [], [], [new("d", "e", "k", [], "m", [], [])]), SchemaJson.Write).ToArray();
    private static readonly byte[] Accepted = """{"outcome":"accepted"}"""u8.ToArray();

    [Fact]
    public async Task What_fails_for_a_while_is_tried_again()
    {
        var line = new Line(() => Line.Problem(503, "unavailable"), () => throw new HttpRequestException("refused"), () => Line.Problem(504, "deadline_passed"), () => Line.Ok(Accepted));

        Assert.Equal(EventReceipt.Accepted, await IngestAsync(line, retries: 3));
        Assert.Equal(4, line.Asked);
        Assert.Single(line.Bodies.Distinct());
    }

    [Fact]
    public async Task The_last_failure_is_raised_when_the_retries_are_used_up()
    {
        var line = new Line(() => Line.Problem(503, "unavailable"), () => Line.Problem(503, "unavailable"), () => Line.Ok(Accepted));

        var raised = await Assert.ThrowsAsync<GridException>(() => IngestAsync(line, retries: 1));
        Assert.Equal((GridError.Unavailable, 2), (raised.Error, line.Asked));
    }

    [Theory]
    [InlineData(400, "invalid_input", GridError.InvalidInput)]
    [InlineData(401, "unauthorized", GridError.InvalidInput)]
    [InlineData(404, "unknown_name", GridError.UnknownName)]
    [InlineData(409, "id_conflict", GridError.IdConflict)]
    [InlineData(413, "too_large", GridError.InvalidInput)]
    public async Task What_would_fail_again_is_asked_once(int status, string code, GridError error)
    {
        var line = new Line(() => Line.Problem(status, code));

        var raised = await Assert.ThrowsAsync<GridException>(() => IngestAsync(line, retries: 3));
        Assert.Equal((error, 1), (raised.Error, line.Asked));
    }

    [Theory]
    [InlineData("not JSON")]
    [InlineData("{}")]
    public async Task An_answer_that_no_grid_gives_is_told(string body)
    {
        var raised = await Assert.ThrowsAsync<GridException>(() => IngestAsync(new(() => Line.Ok(Encoding.UTF8.GetBytes(body))), retries: 0));

        Assert.Equal(GridError.Unavailable, raised.Error);
    }

    [Fact]
    public async Task A_grid_that_is_not_there_is_told_with_its_address()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var address = new Uri($"http://127.0.0.1:{((IPEndPoint)taken.LocalEndpoint).Port}");
        taken.Stop();

        var raised = await Assert.ThrowsAsync<GridException>(() => GridClient.ConnectAsync(address, new() { FirstPause = TimeSpan.Zero }, default));
        Assert.Equal(GridError.Unavailable, raised.Error);
        Assert.Contains(address.AbsoluteUri.TrimEnd('/'), raised.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_retry_waits_as_long_as_the_gateway_asks()
    {
        var time = new SignalledTime();
        var line = new Line(() => Line.Problem(503, "unavailable", TimeSpan.FromSeconds(3)), () => Line.Ok(Accepted));

        var observed = IngestAsync(line, retries: 1, time);
        for (var timer = 0; timer < 3; timer++)
        {
            await time.Timers.ReadAsync(TestContext.Current.CancellationToken); // the timeouts of two attempts, then the pause
        }

        time.Advance(TimeSpan.FromSeconds(2.999));
        Assert.Equal((1, false), (line.Asked, observed.IsCompleted));
        time.Advance(TimeSpan.FromSeconds(0.001));

        Assert.Equal(EventReceipt.Accepted, await observed);
    }

    [Fact]
    public async Task An_attempt_that_is_not_answered_ends_at_its_timeout()
    {
        var time = new SignalledTime();
        var asked = new TaskCompletionSource();
        var line = new Line(() =>
        {
            asked.SetResult();
            return null;
        });

        var observed = IngestAsync(line, retries: 0, time);
        await asked.Task;
        time.Advance(TimeSpan.FromSeconds(14.999));
        Assert.False(observed.IsCompleted);
        time.Advance(TimeSpan.FromSeconds(0.001));

        Assert.Equal(GridError.DeadlinePassed, (await Assert.ThrowsAsync<GridException>(() => observed)).Error);
    }

    private static async Task<EventReceipt> IngestAsync(Line line, int retries, TimeProvider? time = null)
    {
        var options = new GridClientOptions { Retries = retries, FirstPause = TimeSpan.Zero, Time = time ?? new SignalledTime() };
        using var client = await GridClient.ConnectAsync(new("http://grid.test"), options, default, line);
        return await client.IngestAsync(new("e") { ["id"] = "1" }, default);
    }

    /// <summary>A connection that gives the answers of a script, after that of the schema; null never answers.</summary>
    private sealed class Line(params Func<HttpResponseMessage?>[] script) : HttpMessageHandler
    {
        public int Asked { get; private set; }

        public List<string> Bodies { get; } = [];

        public static HttpResponseMessage Ok(byte[] body) => new(HttpStatusCode.OK) { Content = new ByteArrayContent(body) };

        public static HttpResponseMessage Problem(int status, string code, TimeSpan? retryAfter = null)
        {
            var answer = new HttpResponseMessage((HttpStatusCode)status)
            {
                Content = new StringContent($$"""{"title":"t","detail":"d","code":"{{code}}"}""", Encoding.UTF8, GridProblem.MediaType),
            };
            answer.Headers.RetryAfter = retryAfter is { } delta ? new(delta) : null;
            return answer;
        }

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            if (request.Method == HttpMethod.Get)
            {
                return Ok(Schema);
            }

            Bodies.Add(await request.Content!.ReadAsStringAsync(cancellationToken));
            return script[Asked++]() ?? await new TaskCompletionSource<HttpResponseMessage>().Task.WaitAsync(cancellationToken);
        }
    }
}
