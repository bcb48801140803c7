using System.Text;

namespace Grid.Gateway.Tests;

/// <summary>A key in an address is one segment of it, decoded once. Whatever else the address has in it, no other entity answers.</summary>
public sealed class KeyInPathTests
{
    private readonly ScriptedGrid _grid = new() { Schema = ScriptedGrid.WithRanking };

    public static TheoryData<string, string> Read => new()
    {
        { "/v1/entities/card/A/features", "A" },
        { "/v1/entities/card/A/features/", "A" },
        { "/v1/entities/card/A/features/?at=0", "A" },
        { "/v1/entities/card/A/features?at=0", "A" },
        { "/v1/entities/%63ard/A/%66eatures", "A" },
        { "/v1/entities/card/features/features", "features" },
        { "/v1/entities/card/features/features/", "features" },
        { "/v1/entities/card/%2E/features", "." },
        { "/v1/entities/card/%2e%2E/features", ".." },
        { "/v1/entities/card/%2E%2E/features/?at=0", ".." },
        { "/v1/entities/card/.../features", "..." },
        { "/v1/entities/card/..A/features", "..A" },
        { "/v1/entities/card/.A./features", ".A." },
        { "/v1/entities/card/a%2Fb/features", "a/b" },
        { "/v1/entities/card/a%2fb/features/", "a/b" },
        { "/v1/entities/card/%2F/features", "/" },
        { "/v1/entities/card/..%2F..%2Fcard%2FB/features", "../../card/B" },
        { "/v1/entities/card/a%252Fb/features", "a%2Fb" },
        { "/v1/entities/card/%25/features", "%" },
        { "/v1/entities/card/%2525/features", "%25" },
        { "/v1/entities/card/%252E%252E/features", "%2E%2E" },
        { "/v1/entities/card/a%3Fb%23c/features", "a?b#c" },
        { "/v1/entities/card/a%5Cb/features", "a\\b" },
        { "/v1/entities/card/a+b%20c/features", "a+b c" },
        { "/v1/entities/card/caf%C3%A9/features", "café" },
        { "/v1/entities/card/%F0%9F%92%B3/features", "💳" },
        { "/v1/entities/card/%EF%BF%BD/features", "\ufffd" },
        { "http://x/v1/entities/card/A/features", "A" },
        { "http://x/v1/entities/card/A/features/?at=0", "A" },
        { "http://x/v1/entities/card/%2E%2E/features", ".." },
        { "http://x/v1/entities/card/a%2Fb/features", "a/b" },
        { "/v1/entities/card/A/features?x=/../B/features", "refused" },
    };

    [Theory]
    [MemberData(nameof(Read))]
    public async Task A_key_is_one_segment_decoded_once(string target, string key)
    {
        await using var host = await GatewayHost.StartAsync(_grid);

        var (status, _) = await host.SendTargetAsync("GET", target);

        if (key == "refused")
        {
            Assert.Equal((400, 0), (status, _grid.Reads.Count));
            return;
        }

        Assert.Equal(200, status);
        Assert.Equal(new EntityId("card", key), _grid.Reads.Single().Entity);
    }

    [Theory]
    [InlineData("/v1/entities/card/A/./features")]
    [InlineData("/v1/entities/card/A/x/../features")]
    [InlineData("/v1/entities/card/A/%2e/features")]
    [InlineData("/v1/entities/card/A/x/%2e%2e/features")]
    [InlineData("/v1/entities/card/A/x/.%2E/features")]
    [InlineData("/v1/entities/card/A/x/%2E./features")]
    [InlineData("/v1/entities/card/A/../B/features")]
    [InlineData("/v1/entities/card/A/%2E%2E/B/features")]
    [InlineData("/v1/entities/card/./features")]
    [InlineData("/v1/entities/card/../features")]
    [InlineData("/v1/entities/card/.%2e/features")]
    [InlineData("/v1/entities/card/%2e./features")]
    [InlineData("/v1/entities/../entities/card/A/features")]
    [InlineData("/./v1/entities/card/A/features")]
    [InlineData("/../v1/entities/card/A/features")]
    [InlineData("/v1/entities/card/A/features/.")]
    [InlineData("/v1/entities/card/A/features/..")]
    [InlineData("/v1/entities/card/A/features/%2E")]
    [InlineData("/v1/entities/card/A/features/x/..")]
    [InlineData("/v1/entities/card/A/features//")]
    [InlineData("/v1/entities/card/A//features")]
    [InlineData("/v1/entities/card//features")]
    [InlineData("/v1/entities/card//features/")]
    [InlineData("/v1/entities//A/features")]
    [InlineData("//v1/entities/card/A/features")]
    [InlineData("/v1/entities/card/A%2Ffeatures")]
    [InlineData("/v1/entities/card/A/B/features")]
    [InlineData("http://x/v1/entities/card/A\\features")]
    [InlineData("http://x/v1/entities/card/A/x\\..\\features")]
    [InlineData("http://x/v1/entities/card/A/x/../features")]
    public async Task Any_other_path_is_answered_with_404_and_reads_nothing(string target)
    {
        await using var host = await GatewayHost.StartAsync(_grid);

        var (status, answer) = await host.SendTargetAsync("GET", target);

        Assert.Equal(404, status);
        Assert.Contains("unknown_name", answer, StringComparison.Ordinal);
        Assert.Empty(_grid.Reads);
    }

    [Theory]
    [InlineData("/v1/entities/card//features", "1 to 256 UTF-8 bytes")]
    [InlineData("/v1/entities/card/../features", "%2E%2E")]
    public async Task A_key_that_was_not_encoded_is_answered_with_how_to_write_it(string target, string says)
    {
        await using var host = await GatewayHost.StartAsync(_grid);

        var (_, answer) = await host.SendTargetAsync("GET", target);

        Assert.Contains(says, answer, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("%")]
    [InlineData("%4")]
    [InlineData("%GG")]
    [InlineData("a%FFb")]
    [InlineData("%C3")]
    [InlineData("%ED%A0%80")]
    [InlineData("%C0%AE%C0%AE")]
    public async Task A_key_that_is_not_valid_percent_encoding_is_refused(string key)
    {
        await using var host = await GatewayHost.StartAsync(_grid);

        var (status, answer) = await host.SendTargetAsync("GET", $"/v1/entities/card/{key}/features");

        Assert.Equal(400, status);
        Assert.Contains("percent-encod", answer, StringComparison.Ordinal);
        Assert.Empty(_grid.Reads);
    }

    [Theory]
    [InlineData("/v1/decisions/authorize", 200)]
    [InlineData("/v1/decisions/authorize/", 200)]
    [InlineData("/v1/decisions/%61uthorize", 200)]
    [InlineData("/v1/decisions/./authorize", 404)]
    [InlineData("/v1/decisions/x/../authorize", 404)]
    [InlineData("/v1/decisions/x/%2e%2e/authorize", 404)]
    [InlineData("/v1/decisions/authorize/.", 404)]
    [InlineData("/v1/decisions/..%2Fauthorize", 404)]
    [InlineData("/v1/decisions/../events/transaction", 404)]
    [InlineData("/v1/events/transaction", 200)]
    [InlineData("/v1/events/transaction/", 200)]
    [InlineData("/v1/events/transaction/x/..", 404)]
    [InlineData("/v1/events/%2E/transaction", 404)]
    [InlineData("/v1/events/%2E%2E", 404)]
    public async Task What_is_posted_goes_to_the_named_endpoint_or_nowhere(string target, int expected)
    {
        await using var host = await GatewayHost.StartAsync(_grid);
        var body = DecisionTests.Payment;

        var answer = await host.SendRawAsync(Encoding.ASCII.GetBytes(
            $"POST {target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: application/json\r\n"
            + $"Content-Length: {body.Length}\r\n\r\n{body}"));

        Assert.StartsWith($"HTTP/1.1 {expected} ", answer, StringComparison.Ordinal);
        Assert.Equal(expected == 200 ? 1 : 0, _grid.Told.Count);
    }

    [Theory]
    [InlineData("/v1/decisions/d-1", 200)]
    [InlineData("/v1/decisions/d-1/", 200)]
    [InlineData("/v1/decisions/%64-1", 200)]
    [InlineData("/v1/decisions/x/../d-1", 404)]
    [InlineData("/v1/decisions/%2E%2E/d-1", 404)]
    [InlineData("/v1/decisions/%2E%2E", 404)]
    public async Task A_decision_is_found_by_its_own_id_only(string target, int expected)
    {
        await using var host = await GatewayHost.StartAsync(_grid);

        Assert.Equal(expected, (await host.SendTargetAsync("GET", target)).Status);
    }

    [Theory]
    [InlineData("/v1/batches/card", "card")]
    [InlineData("/v1/batches/card/", "card")]
    [InlineData("/v1/batches/%2E%2E", "..")]
    [InlineData("/v1/batches/a%2Fb", "a/b")]
    [InlineData("/v1/batches/x/../card", null)]
    public async Task A_batch_is_loaded_for_the_named_kind(string target, string? kind)
    {
        await using var host = await GatewayHost.StartAsync(_grid);
        const string body = """{"entity":"1","at":0}""";

        await host.SendRawAsync(Encoding.ASCII.GetBytes(
            $"POST {target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: application/x-ndjson\r\n"
            + $"Content-Length: {body.Length}\r\n\r\n{body}"));

        Assert.Equal(kind is null ? [] : [kind], _grid.Batches.Select(file => file.Kind));
    }
}
