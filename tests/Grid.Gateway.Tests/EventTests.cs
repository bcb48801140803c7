using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Grid.Testing;

namespace Grid.Gateway.Tests;

public sealed class EventTests
{
    private const string NdJson = "application/x-ndjson";

    [Fact]
    public async Task One_event_is_answered_with_what_became_of_it()
    {
        var outcome = EventReceipt.Accepted;
        await using var host = await GatewayHost.StartAsync(new ScriptedGrid { OnIngest = (_, _) => new(outcome) });

        var first = await host.PostAsync("/v1/events/transaction", DecisionTests.Payment);
        outcome = EventReceipt.Duplicate;
        var second = await host.PostAsync("/v1/events/transaction", DecisionTests.Payment);
        outcome = EventReceipt.Rejected(new("amount", "-1", "a decimal number from 0"));
        var third = await host.PostAsync("/v1/events/transaction", DecisionTests.Payment);
        outcome = EventReceipt.Conflict(new("transaction_id", "'t-1' again", "a new id"));
        var fourth = await host.PostAsync("/v1/events/transaction", DecisionTests.Payment);

        Assert.Equal((HttpStatusCode.OK, """{"outcome":"accepted"}"""), (first.Status, first.Body.ToJsonString()));
        Assert.Equal((HttpStatusCode.OK, """{"outcome":"duplicate"}"""), (second.Status, second.Body.ToJsonString()));
        Assert.Equal(HttpStatusCode.BadRequest, third.Status);
        Assert.Equal("amount", (string)third.Body["field"]!);
        Assert.Equal((HttpStatusCode.Conflict, "id_conflict"), (fourth.Status, (string)fourth.Body["code"]!));
        Assert.Equal(("transaction_id", "'t-1' again"), ((string)fourth.Body["field"]!, (string)fourth.Body["found"]!));
        Assert.Equal("a new id", (string)fourth.Body["expected"]!);
    }

    [Fact]
    public async Task Lines_at_fault_are_told_by_their_numbers_and_stop_no_other()
    {
        var grid = new ScriptedGrid
        {
            OnIngest = async (happened, _) =>
            {
                await Task.Yield();
                return happened["card"].Text switch
                {
                    "again" => EventReceipt.Duplicate,
                    "bad" => EventReceipt.Rejected(new("card", "'bad'", "a good one")),
                    _ => EventReceipt.Accepted,
                };
            },
        };
        await using var host = await GatewayHost.StartAsync(grid, options => options.MaxLineBytes = 512);
        var body = string.Join('\n',
            """{"card":"1"}""", " \t \r", """{"card":"bad"}""", "not json", """{"card":"again"}""" + "\r",
            $$"""{"card":"{{new string('x', 600)}}"}""",
            """{"card":{"a":1}}""", """{"card":"2"}""");

        var (status, receipt) = await host.PostAsync("/v1/events/transaction", body, NdJson);

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal((2, 1), ((int)receipt["accepted"]!, (int)receipt["duplicates"]!));
        var rejected = receipt["rejected"]!.AsArray().Select(one => ((int)one!["line"]!, (string)one["field"]!));
        Assert.Equal([(3, "card"), (4, ""), (6, ""), (7, "card")], rejected);
        Assert.All(receipt["rejected"]!.AsArray(), one => Assert.NotEqual("", (string)one!["expected"]!));
        Assert.Equal(4, grid.Told.Count);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(1_000)]
    [InlineData(100_000)]
    public async Task However_a_stream_is_cut_into_parts_its_lines_are_the_same(int part)
    {
        var grid = new ScriptedGrid();
        await using var host = await GatewayHost.StartAsync(grid, options => (options.MaxLineBytes, options.PipelinedEvents) = (256, 3));
        var lines = Enumerable.Range(0, 40).Select(i => i switch
        {
            13 => new string('{', 700),
            29 => "oops",
            _ => string.Create(CultureInfo.InvariantCulture, $$"""{"card":"{{i}}","amount":{{i}}.5}"""),
        });
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri("/v1/events/transaction", UriKind.Relative))
        {
            Content = new SlowContent(Encoding.UTF8.GetBytes(string.Join('\n', lines) + "\n"), part),
        };

        using var answer = await host.Client.SendAsync(request, TestContext.Current.CancellationToken);

        var receipt = JsonNode.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!;
        Assert.Equal(38, (int)receipt["accepted"]!);
        Assert.Equal([14, 30], receipt["rejected"]!.AsArray().Select(one => (int)one!["line"]!));
        Assert.Equal(Enumerable.Range(0, 40).Where(i => i is not (13 or 29)).Select(i => i + 0.5m), grid.Told.Select(told => told["amount"].Exact));
    }

    [Fact]
    public async Task No_more_events_are_under_way_than_may_be()
    {
        var (underWay, most) = (0, 0);
        var grid = new ScriptedGrid
        {
            OnIngest = async (_, _) =>
            {
                most = Math.Max(most, Interlocked.Increment(ref underWay));
                await Task.Yield();
                Interlocked.Decrement(ref underWay);
                return EventReceipt.Accepted;
            },
        };
        await using var host = await GatewayHost.StartAsync(grid, options => options.PipelinedEvents = 16);

        var (_, receipt) = await host.PostAsync("/v1/events/transaction", string.Concat(Enumerable.Repeat("{\"card\":\"1\"}\n", 5_000)), NdJson);

        Assert.Equal(5_000, (int)receipt["accepted"]!);
        Assert.InRange(most, 1, 16);
    }

    [Fact]
    public async Task A_grid_that_fills_up_in_the_middle_of_a_stream_is_told_with_what_was_done_by_then()
    {
        var told = 0;
        var grid = new ScriptedGrid
        {
            OnIngest = (_, _) => Interlocked.Increment(ref told) > 100 ? throw GridException.Unavailable("The disk is full.") : new(EventReceipt.Accepted),
        };
        await using var host = await GatewayHost.StartAsync(grid);

        var (status, problem) = await host.PostAsync("/v1/events/transaction", string.Concat(Enumerable.Repeat("{\"card\":\"1\"}\n", 9_000)), NdJson);
        var (after, _) = await host.GetAsync("/health/live");

        Assert.Equal(HttpStatusCode.ServiceUnavailable, status);
        Assert.Equal("unavailable", (string)problem["code"]!);
        Assert.Equal(100, (int)problem["accepted"]!);
        Assert.Equal(HttpStatusCode.OK, after);
    }

    [Fact]
    public async Task A_stream_whose_receipts_do_not_come_is_told_as_504()
    {
        var never = new TaskCompletionSource<EventReceipt>();
        var time = new SignalledTime();
        await using var host = await GatewayHost.StartAsync(
            new ScriptedGrid { OnIngest = (_, _) => new(never.Task) }, options => options.Deadline = TimeSpan.FromSeconds(10), time: time);

        var answer = host.PostAsync("/v1/events/transaction", "{\"card\":\"1\"}\n{\"card\":\"2\"}\n", NdJson);
        for (var receipt = 0; receipt < 2; receipt++)
        {
            await time.Timers.ReadAsync(TestContext.Current.CancellationToken);
            Assert.False(answer.IsCompleted);
            time.Advance(TimeSpan.FromSeconds(10));
        }

        var (status, _) = await answer;

        Assert.Equal(HttpStatusCode.GatewayTimeout, status);
    }

    [Fact]
    public async Task An_empty_stream_is_nothing_and_all_right()
    {
        await using var host = await GatewayHost.StartAsync(new ScriptedGrid());

        var (status, receipt) = await host.PostAsync("/v1/events/transaction", "", NdJson);

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal(0, (int)receipt["accepted"]!);
    }

    [Fact]
    public async Task Of_very_many_rejections_the_first_are_told_and_all_are_counted()
    {
        await using var host = await GatewayHost.StartAsync(new ScriptedGrid(), options => options.MaxRejectionsTold = 5);

        var (_, receipt) = await host.PostAsync("/v1/events/transaction", string.Concat(Enumerable.Repeat("x\n", 50)), NdJson);

        Assert.Equal(5, receipt["rejected"]!.AsArray().Count);
        Assert.Equal(50, (int)receipt["rejected_count"]!);
    }
}
