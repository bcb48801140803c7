using System.Globalization;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Grid.Gateway.Tests;

/// <summary>Callers that go away in the middle of a body are nothing to log.</summary>
public sealed class BrokenBodyTests : IDisposable
{
    private readonly ScriptedGrid _grid = new() { Schema = ScriptedGrid.WithRanking };
    private readonly Logs _logs = new();

    public static TheoryData<string, string, string> Requests
    {
        get
        {
            var data = new TheoryData<string, string, string>();
            foreach (var framing in new[]
            {
                "Content-Length: 500\r\n\r\n{\"card\"", "Transfer-Encoding: chunked\r\n\r\n5\r\n{\"car",
                "Content-Length: 500\r\nContent-Encoding: gzip\r\n\r\n\u001f",
            })
            {
                data.Add("/v1/decisions/authorize", "application/json", framing);
                data.Add("/v1/decisions/suggest", "application/json", framing);
                data.Add("/v1/events/transaction", "application/json", framing);
                data.Add("/v1/events/transaction", "application/x-ndjson", framing);
                data.Add("/v1/batches/card", "application/x-ndjson", framing);
            }

            data.Add("/v1/events/transaction", "application/x-ndjson", "Content-Length: 500\r\n\r\n\n\n\n{\"card\"");
            data.Add("/v1/decisions/nowhere", "application/json", "Content-Length: 500\r\n\r\n{\"card\"");
            data.Add("/v1/decisions/authorize", "text/plain", "Content-Length: 500\r\n\r\n{\"card\"");
            return data;
        }
    }

    public void Dispose() => _logs.Dispose();

    [Theory]
    [MemberData(nameof(Requests))]
    public async Task A_caller_that_goes_away_in_the_middle_of_its_body_changes_and_logs_nothing(
        string path, string contentType, string framingAndBegin)
    {
        await using (var host = await StartAsync())
        {
            var request = Encoding.Latin1.GetBytes($"POST {path} HTTP/1.1\r\nHost: x\r\nContent-Type: {contentType}\r\n{framingAndBegin}");

            var answer = await host.SendRawAsync(request, goAway: true);
            await host.SendAndResetAsync(request);

            Assert.DoesNotContain(" 200 ", answer, StringComparison.Ordinal);
            await host.StopAsync();
        }

        Assert.True(_logs.Lines.IsEmpty, string.Join('\n', _logs.Lines));
        Assert.Empty(_grid.Told);
        Assert.Empty(_grid.Batches);
    }

    [Theory]
    [InlineData("/v1/decisions/authorize", "application/json")]
    [InlineData("/v1/decisions/suggest", "application/json")]
    [InlineData("/v1/events/transaction", "application/json")]
    [InlineData("/v1/events/transaction", "application/x-ndjson")]
    [InlineData("/v1/batches/card", "application/x-ndjson")]
    public async Task A_caller_that_goes_away_while_its_body_is_awaited_changes_and_logs_nothing(string path, string contentType)
    {
        await using (var host = await StartAsync())
        {
            foreach (var framing in new[]
            {
                "Content-Length: 500", "Transfer-Encoding: chunked", "Content-Length: 500\r\nContent-Encoding: gzip",
            })
            {
                await host.SendHeadAndCloseAsync($"POST {path} HTTP/1.1\r\nHost: x\r\nContent-Type: {contentType}\r\n{framing}\r\n");
            }

            await host.StopAsync();
        }

        Assert.True(_logs.Lines.IsEmpty, string.Join('\n', _logs.Lines));
        Assert.Empty(_grid.Told);
    }

    [Fact]
    public async Task A_stream_that_the_grid_breaks_off_leaves_the_connection_in_order()
    {
        var grid = new ScriptedGrid { OnIngest = (_, _) => throw GridException.Unavailable("The disk is full.") };
        await using (var host = await GatewayHost.StartAsync(grid, add: Collect))
        {
            var lines = string.Concat(Enumerable.Repeat("{\"card\":\"1\"}\n", 3));
            var length = lines.Length.ToString(CultureInfo.InvariantCulture);
            const string next = "GET /health/live HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";

            var answers = await host.SendRawAsync(Encoding.ASCII.GetBytes(
                "POST /v1/events/transaction HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-ndjson\r\n"
                + $"Content-Length: {length}\r\n\r\n{lines}{next}"));

            Assert.StartsWith("HTTP/1.1 503 ", answers, StringComparison.Ordinal);
            Assert.Contains("HTTP/1.1 200 OK", answers, StringComparison.Ordinal);
            await host.StopAsync();
        }

        Assert.True(_logs.Lines.IsEmpty, string.Join('\n', _logs.Lines));
    }

    private void Collect(IServiceCollection services) => services.AddLogging(logging => logging.AddProvider(_logs));

    private async Task<GatewayHost> StartAsync() => await GatewayHost.StartAsync(_grid, add: Collect);
}
