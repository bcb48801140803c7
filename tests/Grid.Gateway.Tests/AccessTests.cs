using System.Net;
using Microsoft.Extensions.Options;

namespace Grid.Gateway.Tests;

public sealed class AccessTests
{
    private const string Key = "0123456789abcdef0123";
    private const string OtherKey = "fedcba98765432100000";

    [Theory]
    [InlineData("Authorization", "Bearer " + Key, HttpStatusCode.OK)]
    [InlineData("Authorization", "bearer " + OtherKey, HttpStatusCode.OK)]
    [InlineData("X-Api-Key", Key, HttpStatusCode.OK)]
    [InlineData("X-Api-Key", Key + "0", HttpStatusCode.Unauthorized)]
    [InlineData("X-Api-Key", "", HttpStatusCode.Unauthorized)]
    [InlineData("Authorization", "Basic " + Key, HttpStatusCode.Unauthorized)]
    [InlineData("Authorization", "Bearer ", HttpStatusCode.Unauthorized)]
    [InlineData("X-Other", Key, HttpStatusCode.Unauthorized)]
    public async Task Only_a_configured_key_lets_in(string header, string value, HttpStatusCode expected)
    {
        await using var host = await GatewayHost.StartAsync(new ScriptedGrid(), options => options.ApiKeys = [OtherKey, Key]);

        foreach (var path in new[] { "/v1/schema", "/v1/entities/card/1/features", "/v1/decisions/d-1", "/v1/dashboard", "/metrics", "/openapi/v1.json" })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(path, UriKind.Relative));
            request.Headers.TryAddWithoutValidation(header, value);

            using var answer = await host.Client.SendAsync(request, TestContext.Current.CancellationToken);

            Assert.Equal(expected, answer.StatusCode);
            Assert.Equal(expected == HttpStatusCode.Unauthorized, answer.Headers.WwwAuthenticate.Count > 0);
        }
    }

    [Fact]
    public async Task Without_a_key_no_decision_is_made_and_health_is_told_all_the_same()
    {
        var grid = new ScriptedGrid();
        await using var host = await GatewayHost.StartAsync(grid, options => options.ApiKeys = [Key]);

        var (decided, _) = await host.PostAsync("/v1/decisions/authorize", DecisionTests.Payment);
        var (observed, _) = await host.PostAsync("/v1/events/transaction", DecisionTests.Payment);
        var (live, _) = await host.GetAsync("/health/live");
        var (ready, _) = await host.GetAsync("/health/ready");

        Assert.Equal((HttpStatusCode.Unauthorized, HttpStatusCode.Unauthorized), (decided, observed));
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (live, ready));
        Assert.Empty(grid.Told);
    }

    [Theory]
    [InlineData("http://0.0.0.0:0")]
    [InlineData("http://*:0")]
    [InlineData("http://[::]:0")]
    public async Task An_address_that_the_network_reaches_is_not_opened_without_keys(string url)
    {
        var refused = await Assert.ThrowsAsync<OptionsValidationException>(async () => await GatewayHost.StartAsync(new ScriptedGrid(), url: url));

        Assert.Contains("Grid:Gateway:ApiKeys", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_is_opened_with_keys_or_where_that_is_said_to_be_meant()
    {
        await using var withKeys = await GatewayHost.StartAsync(new ScriptedGrid(), options => options.ApiKeys = [Key], "http://0.0.0.0:0");
        await using var meant = await GatewayHost.StartAsync(new ScriptedGrid(), options => options.AllowOpenNetwork = true, "http://0.0.0.0:0");

        Assert.NotEqual(withKeys.Address, meant.Address);
    }

    [Fact]
    public async Task Every_fault_of_the_settings_is_told_and_no_key_with_it()
    {
        var refused = await Assert.ThrowsAsync<OptionsValidationException>(async () => await GatewayHost.StartAsync(
            new ScriptedGrid(), options => (options.ApiKeys, options.MaxBodyBytes, options.PipelinedEvents) = (["short-secret"], 1, 0)));

        Assert.Contains("ApiKeys:0", refused.Message, StringComparison.Ordinal);
        Assert.Contains("MaxBodyBytes", refused.Message, StringComparison.Ordinal);
        Assert.Contains("PipelinedEvents", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("short-secret", refused.Message, StringComparison.Ordinal);
    }
}
