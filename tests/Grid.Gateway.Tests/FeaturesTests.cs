using System.Net;

namespace Grid.Gateway.Tests;

public sealed class FeaturesTests
{
    private readonly ScriptedGrid _grid = new();

    [Fact]
    public async Task Features_are_told_with_their_ages()
    {
        await using var host = await GatewayHost.StartAsync(_grid);

        var (status, body) = await host.GetAsync("/v1/entities/card/4242/features?at=2018-07-25T00:00:29Z");

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal(
            """{"entity":{"kind":"card","key":"4242"},"at":"2018-07-25T00:00:29.000Z","features":[{"name":"card.tx_count_1d","value":3,"age_ms":4200}]}""",
            body.ToJsonString());
    }

    [Theory]
    [InlineData("", null)]
    [InlineData("?at=2018-07-25T00:00:29Z", 1_532_476_829_000)]
    [InlineData("?at=2018-07-25T02:00:29%2B02:00", 1_532_476_829_000)]
    [InlineData("?at=2018-07-25T02:00:29+02:00", 1_532_476_829_000)]
    [InlineData("?at=1532476829125", 1_532_476_829_125)]
    [InlineData("?at=0", 0L)]
    public async Task A_moment_is_taken_in_any_of_its_forms(string query, long? milliseconds)
    {
        await using var host = await GatewayHost.StartAsync(_grid);

        var (status, _) = await host.GetAsync("/v1/entities/card/4242/features" + query);

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal(milliseconds, _grid.Reads.Single().At?.UnixMilliseconds);
    }

    [Theory]
    [InlineData("?at=yesterday", "at")]
    [InlineData("?at=", "at")]
    [InlineData("?at=-1", "at")]
    [InlineData("?at=1900-01-01T00:00:00Z", "at")]
    [InlineData("?at=99999999999999999", "at")]
    [InlineData("?at=999999999999999999999999", "at")]
    [InlineData("?at=1&at=2", "at")]
    [InlineData("?when=1", "when")]
    public async Task Another_moment_is_refused_by_name(string query, string field)
    {
        await using var host = await GatewayHost.StartAsync(_grid);

        var (status, problem) = await host.GetAsync("/v1/entities/card/4242/features" + query);

        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Equal(field, (string)problem["field"]!);
        Assert.Empty(_grid.Reads);
    }

    [Theory]
    [InlineData("4242", "4242")]
    [InlineData("a%2Fb", "a/b")]
    [InlineData("a%252Fb", "a%2Fb")]
    [InlineData("caf%C3%A9", "café")]
    [InlineData("a+b%20c", "a+b c")]
    [InlineData("%F0%9F%92%B3", "💳")]
    public async Task A_key_is_read_as_it_was_meant(string sent, string key)
    {
        await using var host = await GatewayHost.StartAsync(_grid);

        await host.GetAsync($"/v1/entities/card/{sent}/features");

        Assert.Equal(key, _grid.Reads.Single().Entity.Key);
    }

    [Theory]
    [InlineData("%FF")]
    [InlineData("%C3")]
    [InlineData("%ED%A0%80")]
    public async Task A_key_that_is_not_UTF_8_is_refused(string sent)
    {
        await using var host = await GatewayHost.StartAsync(_grid);

        var answer = await host.SendRawAsync(System.Text.Encoding.ASCII.GetBytes($"GET /v1/entities/card/{sent}/features HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"));

        Assert.StartsWith("HTTP/1.1 400 ", answer, StringComparison.Ordinal);
        Assert.Empty(_grid.Reads);
    }

    [Fact]
    public async Task An_unknown_kind_is_told_as_404()
    {
        await using var host = await GatewayHost.StartAsync(_grid);

        var (status, problem) = await host.GetAsync("/v1/entities/cart/1/features");

        Assert.Equal(HttpStatusCode.NotFound, status);
        Assert.Contains("card, terminal", (string)problem["expected"]!, StringComparison.Ordinal);
    }
}
