using Grid.Decisions.Plans;

namespace Grid.Contract.Tests;

/// <summary>The client ranks over HTTP, against a real server on a port of its own with the embedded grid behind it.</summary>
public sealed class RemoteRankingTests : RankingContract
{
    private ServedGrid? _served;

    protected override async ValueTask<IGrid> StartAsync(Bundle bundle, string data)
    {
        _served = await ServedGrid.StartAsync(bundle, data, TimeProvider.System, Cancellation);
        return _served.Client;
    }

    protected override ValueTask StopAsync() => _served!.DisposeAsync();

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

        using var answer = await http.PostAsync(new Uri(_served!.Address, "/v1/decisions/rank"), content, Cancellation);

        var problem = Json.GridProblem.Read(await answer.Content.ReadAsByteArrayAsync(Cancellation));
        Assert.Equal((400, GridError.InvalidInput, field), ((int)answer.StatusCode, problem.Error, problem.ValidationError?.Field));
    }

    [Fact]
    public async Task The_description_tells_of_the_ranking()
    {
        using var http = new HttpClient();

        var text = await http.GetStringAsync(new Uri(_served!.Address, "/openapi/v1.json"), Cancellation);

        using var document = System.Text.Json.JsonDocument.Parse(text);
        var schemas = document.RootElement.GetProperty("components").GetProperty("schemas");
        Assert.Equal(200, schemas.GetProperty("ranking.rank").GetProperty("properties").GetProperty("candidates").GetProperty("maxItems").GetInt32());
        Assert.True(schemas.TryGetProperty("Ranking", out _));
        Assert.Equal("rank_rank", document.RootElement.GetProperty("paths").GetProperty("/v1/decisions/rank").GetProperty("post").GetProperty("operationId").GetString());
    }
}
