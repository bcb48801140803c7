using System.Globalization;
using System.Net;
using System.Text;

namespace Grid.Gateway.Tests;

/// <summary>What the gateway refuses before the grid hears of it. What fields must hold is the grid's to say; the tests against a real one have that.</summary>
public sealed class BadInputTests
{
    private readonly ScriptedGrid _grid = new();

    public static TheoryData<string, string, string> Bodies => new()
    {
        { "", "", "nothing" },
        { "   ", "", "no JSON" },
        { "null", "", "null" },
        { "[]", "", "array" },
        { "\"card\"", "", "string" },
        { "12", "", "number" },
        { """{"card":"1",""", "", "no JSON" },
        { """{"card":"1" """, "", "no JSON" },
        { """{"card":"1"} {"card":"2"}""", "", "no JSON" },
        { """{"card":"1"}]""", "", "no JSON" },
        { """{"card":"1",}""", "", "no JSON" },
        { """{card:"1"}""", "", "no JSON" },
        { """{"amount":NaN}""", "", "no JSON" },
        { """{"amount":Infinity}""", "", "no JSON" },
        { """{"amount":01}""", "", "no JSON" },
        { """{"amount":{"value":1}}""", "amount", "object" },
        { """{"card":["4242"]}""", "card", "array" },
        { """{"colour":{"a":1}}""", "colour", "object" },
        { """{"card":"1","amount":1,"card":"2"}""", "card", "twice" },
        { """{"card":"1","\u0063ard":"2"}""", "card", "twice" },
        { """{"colour":"1","colour":"2"}""", "colour", "twice" },
        { """{"card":"\ud800"}""", "card", "surrogate" },
        { "{\"card\":" + new string('[', 20_000) + new string(']', 20_000) + "}", "card", "array" },
        { new string('[', 60_000), "", "array" },
        { $$"""{"{{new string('n', 50_000)}}":1}""", "", "name" },
        { "{" + string.Join(',', Enumerable.Range(0, 6_000).Select(i => string.Create(CultureInfo.InvariantCulture, $"\"f{i}\":1"))) + "}", "", "fields" },
    };

    [Theory]
    [MemberData(nameof(Bodies))]
    public async Task A_body_that_is_no_event_is_refused_by_name_and_changes_nothing(string body, string field, string found)
    {
        await using var host = await GatewayHost.StartAsync(_grid);

        foreach (var path in new[] { "/v1/decisions/authorize", "/v1/events/transaction" })
        {
            var (status, problem) = await host.PostAsync(path, body);

            Assert.Equal(HttpStatusCode.BadRequest, status);
            Assert.Equal("invalid_input", (string)problem["code"]!);
            Assert.Equal(field, (string)problem["field"]!);
            Assert.Contains(found, (string)problem["found"]!, StringComparison.Ordinal);
            Assert.NotEqual("", (string)problem["expected"]!);
            Assert.True(problem.ToJsonString().Length < 2_000);
        }

        Assert.Empty(_grid.Told);
    }

    [Theory]
    [InlineData("{\"card\":\"\xff\"}", "card")]
    [InlineData("{\"card\":\"\xc3\x28\"}", "card")]
    [InlineData("{\"\xff\":1}", "")]
    [InlineData("\xff\xfe{\0", "")]
    public async Task Bytes_that_are_not_UTF_8_are_refused(string latin1, string field)
    {
        await using var host = await GatewayHost.StartAsync(_grid);

        var (status, problem) = await host.PostAsync("/v1/decisions/authorize", Encoding.Latin1.GetBytes(latin1));

        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Equal(field, (string)problem["field"]!);
        Assert.Empty(_grid.Told);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("text/plain")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("application/json; charset=utf-16")]
    [InlineData("application/jsonx")]
    [InlineData("nonsense")]
    public async Task Another_content_type_is_told_as_415(string? contentType)
    {
        await using var host = await GatewayHost.StartAsync(_grid);

        foreach (var path in new[] { "/v1/decisions/authorize", "/v1/events/transaction" })
        {
            var (status, problem) = await host.PostAsync(path, DecisionTests.Payment, contentType);

            Assert.Equal(HttpStatusCode.UnsupportedMediaType, status);
            Assert.Contains("application/json", (string)problem["expected"]!, StringComparison.Ordinal);
        }

        Assert.Empty(_grid.Told);
    }

    [Theory]
    [InlineData("application/json")]
    [InlineData("application/json; charset=utf-8")]
    [InlineData("Application/JSON;charset=\"UTF-8\"")]
    public async Task JSON_in_UTF_8_is_taken_however_it_is_written(string contentType)
    {
        await using var host = await GatewayHost.StartAsync(_grid);

        var (status, _) = await host.PostAsync("/v1/decisions/authorize", DecisionTests.Payment, contentType);

        Assert.Equal(HttpStatusCode.OK, status);
    }

    [Theory]
    [InlineData("/v1/decisions/authorise", "unknown_name")]
    [InlineData("/v1/decisions/AUTHORIZE", "unknown_name")]
    [InlineData("/v1/decisions/%E2%82%AC", "unknown_name")]
    [InlineData("/v1/events/payment", "unknown_name")]
    [InlineData("/v1/nothing", "unknown_name")]
    [InlineData("/v1/decisions/authorize/more", "unknown_name")]
    public async Task What_is_not_there_is_told_as_404(string path, string code)
    {
        await using var host = await GatewayHost.StartAsync(_grid);

        var (status, problem) = await host.PostAsync(path, DecisionTests.Payment);

        Assert.Equal(HttpStatusCode.NotFound, status);
        Assert.Equal(code, (string)problem["code"]!);
        Assert.Empty(_grid.Told);
    }

    [Theory]
    [InlineData("PUT", "/v1/decisions/authorize", "GET, HEAD, POST")]
    [InlineData("GET", "/v1/events/transaction", "POST")]
    [InlineData("DELETE", "/v1/entities/card/1/features", "GET, HEAD")]
    [InlineData("POST", "/metrics", "GET, HEAD")]
    public async Task Another_method_is_told_as_405_with_those_that_would_do(string method, string path, string allowed)
    {
        await using var host = await GatewayHost.StartAsync(_grid);
        using var request = new HttpRequestMessage(new HttpMethod(method), new Uri(path, UriKind.Relative));

        using var answer = await host.Client.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.MethodNotAllowed, answer.StatusCode);
        Assert.Equal(allowed, string.Join(", ", answer.Content.Headers.Allow));
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType!.MediaType);
    }

    [Theory]
    [InlineData("/v1/decisions/authorize")]
    [InlineData("/v1/events/transaction")]
    public async Task A_body_that_is_too_large_is_told_as_413_however_it_is_sent(string path)
    {
        await using var host = await GatewayHost.StartAsync(_grid, options => options.MaxBodyBytes = 4_096);
        var large = $$"""{"card":"{{new string('1', 5_000)}}"}""";

        var (told, problem) = await host.PostAsync(path, large);
        using var chunked = new HttpRequestMessage(HttpMethod.Post, new Uri(path, UriKind.Relative)) { Content = new StringContent(large, null, "application/json") };
        chunked.Headers.TransferEncodingChunked = true;
        using var answer = await host.Client.SendAsync(chunked, TestContext.Current.CancellationToken);
        var (after, _) = await host.PostAsync("/v1/decisions/authorize", DecisionTests.Payment);

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, told);
        Assert.Contains("4096", (string)problem["expected"]!, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.StatusCode);
        Assert.Equal(HttpStatusCode.OK, after);
        Assert.Single(_grid.Told);
    }
}
