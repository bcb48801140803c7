using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using Microsoft.Extensions.Time.Testing;

namespace Grid.Gateway.Tests;

public sealed class DecisionTests
{
    internal const string Payment =
        """{"transaction_id":"t-1","at":"2018-07-25T00:00:29.125Z","card":"4242","terminal":"77","amount":12.50}""";

    private readonly ScriptedGrid _grid = new();

    [Fact]
    public async Task A_decision_is_told_whole()
    {
        await using var host = await GatewayHost.StartAsync(_grid);

        using var content = new StringContent(Payment, null, "application/json");

        using var answer = await host.Client.PostAsync(new Uri("/v1/decisions/authorize", UriKind.Relative), content, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(
            """
            {"decision_id":"d-1","decision":"authorize","owner":{"kind":"card","key":"4242"},"event_id":"t-1","at":"2018-07-25T00:00:29.125Z","action":"review","score":0.625,"reasons":["model_score_raised"],"features":[{"name":"amount","value":12.5,"age_ms":0},{"name":"card.tx_count_1d","value":3,"age_ms":4200,"approximate":true},{"name":"terminal.risk_7d","value":null,"age_ms":null},{"name":"card.top_country","value":"FR","age_ms":7}],"model":"trees@3fa9c01be2d4","bundle":"fraud@1.0.0+9c01be2d43fa","fallback":false,"duplicate":false}
            """,
            await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task The_grid_is_told_every_field_as_it_was_sent()
    {
        await using var host = await GatewayHost.StartAsync(_grid);

        await host.PostAsync("/v1/decisions/authorize", Payment);
        await host.PostAsync("/v1/decisions/authorize", """{ "amount": 1e2, "card": "c\u00e9\n", "terminal": "", "at": "2018-07-25 00:00:29+02:00", "transaction_id": null }""");

        Assert.Equal(5, _grid.Told[0].Count);
        Assert.Equal(12.50m, _grid.Told[0]["amount"].Exact);
        Assert.Equal("2018-07-25T00:00:29.125Z", _grid.Told[0]["at"].Text);
        Assert.Equal(4, _grid.Told[1].Count); // null is a field that is not there, whatever the request before had in it
        Assert.Equal(100m, _grid.Told[1]["amount"].Exact);
        Assert.Equal("cé\n", _grid.Told[1]["card"].Text);
        Assert.Equal("2018-07-25 00:00:29+02:00", _grid.Told[1]["at"].Text);
    }

    [Fact]
    public async Task An_event_that_is_used_again_keeps_nothing_of_the_request_before()
    {
        await using var host = await GatewayHost.StartAsync(_grid);

        await host.PostAsync("/v1/decisions/authorize", Payment);
        await host.PostAsync("/v1/decisions/authorize", """{"card":"1"}""");
        await host.PostAsync("/v1/decisions/authorize", """{"card":"2","colour":"red"}""");
        await host.PostAsync("/v1/decisions/authorize", """{"card":"3"}""");

        Assert.Equal(["card"], _grid.Told[1].Keys);
        Assert.Equal(["card", "colour"], _grid.Told[2].Keys.Order()); // handed on: the grid's answer names the fields it has
        Assert.Equal(["card"], _grid.Told[3].Keys);
    }

    [Fact]
    public async Task Many_callers_at_once_each_get_their_own_answer()
    {
        await using var host = await GatewayHost.StartAsync(new ScriptedGrid
        {
            OnDecide = async (request, _) =>
            {
                await Task.Yield();
                return ScriptedGrid.DecisionOf(request);
            },
        });

        await Task.WhenAll(Enumerable.Range(0, 16).Select(async caller =>
        {
            for (var i = 0; i < 50; i++)
            {
                var id = string.Create(CultureInfo.InvariantCulture, $"{caller}-{i}");
                var (_, body) = await host.PostAsync("/v1/decisions/authorize", $$"""{"transaction_id":"{{id}}","card":"{{caller}}","amount":{{i}}}""");
                Assert.Equal(id, (string)body["event_id"]!);
                Assert.Equal(i, (double)body["features"]![0]!["value"]!);
            }
        }));
    }

    [Fact]
    public async Task A_score_that_is_not_there_is_null()
    {
        await using var host = await GatewayHost.StartAsync(new ScriptedGrid
        {
            OnDecide = (request, _) => new(new Decision
            {
                Id = "d",
                Name = "authorize",
                Owner = new("card", "1"),
                EventId = "t",
                At = default,
                Action = "review",
                Score = double.NaN,
                Reasons = ["model_unavailable"],
                Features = [],
                Model = "m",
                Bundle = "b",
                Fallback = true,
            }),
        });

        var (_, body) = await host.PostAsync("/v1/decisions/authorize", Payment);

        Assert.Null(body["score"]);
        Assert.True((bool)body["fallback"]!);
    }

    [Fact]
    public async Task A_decision_that_was_made_is_found_by_its_id()
    {
        await using var host = await GatewayHost.StartAsync(_grid);

        var (status, body) = await host.GetAsync("/v1/decisions/d-1");
        var (missing, problem) = await host.GetAsync("/v1/decisions/d-2");

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal("d-1", (string)body["decision_id"]!);
        Assert.Equal(HttpStatusCode.NotFound, missing);
        Assert.Equal("decision_id", (string)problem["field"]!);
    }

    [Fact]
    public async Task A_full_grid_is_told_as_503_with_the_time_to_ask_again()
    {
        await using var host = await GatewayHost.StartAsync(
            new ScriptedGrid { OnDecide = (_, _) => throw GridException.Unavailable("The disk is full.") }, options => options.RetryAfter = TimeSpan.FromSeconds(7));
        using var content = new StringContent(Payment, null, "application/json");

        using var answer = await host.Client.PostAsync(new Uri("/v1/decisions/authorize", UriKind.Relative), content, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.Equal(TimeSpan.FromSeconds(7), answer.Headers.RetryAfter!.Delta);
        var body = JsonNode.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!;
        Assert.Equal("unavailable", (string)body["code"]!);
        Assert.Equal("The disk is full.", (string)body["detail"]!);
    }

    [Fact]
    public async Task A_grid_that_does_not_answer_in_time_is_told_as_504()
    {
        var time = new FakeTimeProvider();
        var asked = Channel.CreateUnbounded<bool>();
        var grid = new ScriptedGrid
        {
            OnDecide = async (_, cancellation) =>
            {
                var never = new TaskCompletionSource<Decision>();
                asked.Writer.TryWrite(true);
                return await never.Task.WaitAsync(cancellation);
            },
        };
        await using var host = await GatewayHost.StartAsync(grid, options => options.Deadline = TimeSpan.FromSeconds(10), time: time);

        for (var i = 0; i < 3; i++)
        {
            var answer = host.PostAsync("/v1/decisions/authorize", Payment);
            await asked.Reader.ReadAsync(TestContext.Current.CancellationToken);
            time.Advance(TimeSpan.FromSeconds(9.999));
            Assert.False(answer.IsCompleted);
            time.Advance(TimeSpan.FromSeconds(0.001));
            var (status, body) = await answer;

            Assert.Equal(HttpStatusCode.GatewayTimeout, status);
            Assert.Equal("deadline_passed", (string)body["code"]!);
        }
    }

    [Fact]
    public async Task A_fault_of_ours_says_nothing_of_its_inside()
    {
        await using var host = await GatewayHost.StartAsync(new ScriptedGrid { OnDecide = (_, _) => throw new InvalidOperationException("secret path /etc") });

        var (status, body) = await host.PostAsync("/v1/decisions/authorize", Payment);

        Assert.Equal(HttpStatusCode.InternalServerError, status);
        Assert.DoesNotContain("secret", body.ToJsonString(), StringComparison.Ordinal);
    }
}
