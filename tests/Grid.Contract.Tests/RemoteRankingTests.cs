using Grid.Client;
using Grid.Decisions;
using Grid.Engine;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Grid.Contract.Tests;

/// <summary>The client ranks over HTTP, against a real server on a port of its own with the embedded grid behind it.</summary>
public sealed class RemoteRankingTests : RankingContract
{
    private EmbeddedGrid? _served;
    private WebApplication? _server;
    private GridClient? _client;

    protected override async ValueTask<IGrid> StartAsync(Bundle bundle, string data)
    {
        _served = EmbeddedGrid.Open(bundle, new() { Folder = data, Durability = Durability.Received, Shards = 4 }, TimeProvider.System);
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton<IGrid>(_served).AddGridGateway();
        _server = builder.Build();
        _server.UseRouting();
        _server.MapGridGateway();
        await _server.StartAsync(Cancellation);

        var address = _server.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        return _client = await GridClient.ConnectAsync(new(address), null, Cancellation);
    }

    protected override async ValueTask StopAsync()
    {
        _client!.Dispose();
        await _server!.DisposeAsync();
        await _served!.DisposeAsync();
    }

    [Theory]
    [InlineData("""{"search_id":"s","user":"u"}""", "candidates")]
    [InlineData("""{"search_id":"s","user":"u","candidates":{}}""", "candidates")]
    [InlineData("""{"search_id":"s","user":"u","candidates":[],"candidates":[]}""", "candidates")]
    [InlineData("""{"search_id":"s","user":"u","candidates":[7]}""", "candidates[0]")]
    [InlineData("""{"search_id":"s","user":"u","candidates":[{"restaurant":{}}]}""", "candidates[0].restaurant")]
    [InlineData("""{"search_id":"s","user":"u","restaurants":[]}""", "restaurants")]
    [InlineData("""{"search_id":"s","candidates":[{"restaurant":"r","courier_area":"a","cuisine":"c","distance_km":1}]}""", "user")]
    [InlineData("""{"search_id":"s","user":"u","candidates":[""", "")]
    public async Task A_body_that_is_no_request_for_a_ranking_is_refused_with_the_field(string body, string field)
    {
        using var http = new HttpClient();
        using var content = new StringContent(body, null, "application/json");
        var address = _server!.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();

        using var answer = await http.PostAsync(new Uri(address + "/v1/decisions/rank"), content, Cancellation);

        var problem = Json.GridProblem.Read(await answer.Content.ReadAsByteArrayAsync(Cancellation));
        Assert.Equal((400, GridError.InvalidInput, field), ((int)answer.StatusCode, problem.Error, problem.Fault?.Field));
    }

    [Fact]
    public async Task The_description_tells_of_the_ranking()
    {
        using var http = new HttpClient();
        var address = _server!.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();

        var text = await http.GetStringAsync(new Uri(address + "/openapi/v1.json"), Cancellation);

        using var document = System.Text.Json.JsonDocument.Parse(text);
        var schemas = document.RootElement.GetProperty("components").GetProperty("schemas");
        Assert.Equal(200, schemas.GetProperty("ranking.rank").GetProperty("properties").GetProperty("candidates").GetProperty("maxItems").GetInt32());
        Assert.True(schemas.TryGetProperty("Ranking", out _));
        Assert.Equal("rank_rank", document.RootElement.GetProperty("paths").GetProperty("/v1/decisions/rank").GetProperty("post").GetProperty("operationId").GetString());
    }
}
