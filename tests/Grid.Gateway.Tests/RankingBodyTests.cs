using System.Net;

namespace Grid.Gateway.Tests;

/// <summary>A ranking's body may be as long as the candidates that its bundle allows need.</summary>
public sealed class RankingBodyTests
{
    private readonly ScriptedGrid _grid = new() { Schema = ScriptedGrid.WithRanking };

    [Fact]
    public async Task As_many_candidates_as_the_bundle_allows_fit_with_the_longest_keys()
    {
        await using var host = await GatewayHost.StartAsync(_grid);

        var (uuids, _) = await host.PostAsync("/v1/decisions/suggest", Request(1_000, Uuid));
        var (longest, _) = await host.PostAsync("/v1/decisions/suggest", Request(1_000, i => $"{i:D4}{new string('k', 252)}"));

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (uuids, longest));
        Assert.Equal([1_000, 1_000], _grid.Ranked.Select(candidates => candidates.Count));
    }

    [Fact]
    public async Task One_candidate_more_is_refused_as_such_and_not_as_a_body_too_large()
    {
        await using var host = await GatewayHost.StartAsync(_grid);

        var (status, problem) = await host.PostAsync("/v1/decisions/suggest", Request(1_001, Uuid));

        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Equal("candidates", (string)problem["field"]!);
        Assert.Empty(_grid.Ranked);
    }

    [Fact]
    public async Task A_body_longer_than_any_allowed_one_is_refused()
    {
        await using var host = await GatewayHost.StartAsync(_grid);

        var (status, _) = await host.PostAsync("/v1/decisions/suggest", new string(' ', 2 << 20));

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, status);
    }

    [Fact]
    public async Task A_limit_that_is_set_holds_for_rankings_too()
    {
        await using var host = await GatewayHost.StartAsync(_grid, options => options.MaxBodyBytes = 4_096);

        var (status, problem) = await host.PostAsync("/v1/decisions/suggest", Request(100, Uuid));

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, status);
        Assert.Contains("4096", (string)problem["expected"]!, StringComparison.Ordinal);
    }

    private static string Uuid(int i) => new Guid(i, 0, 0, new byte[8]).ToString();

    private static string Request(int count, Func<int, string> key)
    {
        var candidates = Enumerable.Range(0, count).Select(i => $$"""{ "terminal_key": "{{key(i)}}", "distance_m": {{i}} }""");
        return $$"""{"transaction_id":"t","card":"1","candidates":[{{string.Join(", ", candidates)}}]}""";
    }
}
