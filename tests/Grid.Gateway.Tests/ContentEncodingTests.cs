using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;

namespace Grid.Gateway.Tests;

/// <summary>Bodies that are compressed, begin with a byte order mark, or are not in UTF-8.</summary>
public sealed class ContentEncodingTests
{
    private const string Json = "application/json";
    private const string NdJson = "application/x-ndjson";
    private const string Ranking = """{"transaction_id":"t","card":"1","candidates":[{"terminal_key":"a"},{"terminal_key":"b"}]}""";
    private const string Lines = "{\"card\":\"1\",\"amount\":1}\n{\"card\":\"2\",\"amount\":2}\n{\"card\":\"3\",\"amount\":3}\n";
    private const string Rows = "{\"entity\":\"1\",\"at\":0,\"x\":1}\n{\"entity\":\"2\",\"at\":0,\"x\":2}\n";

    private readonly ScriptedGrid _grid = new() { Schema = ScriptedGrid.WithRanking };

    public static TheoryData<string, string, string> Bodies => new()
    {
        { "/v1/decisions/authorize", Json, DecisionTests.Payment },
        { "/v1/decisions/suggest", Json, Ranking },
        { "/v1/events/transaction", Json, DecisionTests.Payment },
        { "/v1/events/transaction", NdJson, Lines },
        { "/v1/batches/card", NdJson, Rows },
    };

    /// <summary>What the grid was given, in words.</summary>
    private string Given => string.Join('\n', [
        .. _grid.Told.Select(told => string.Join(',', told.Select(one => $"{one.Key}={one.Value.Text}{one.Value.Exact}"))),
        .. _grid.Ranked.Select(candidates => string.Join(',', candidates.Select(one => one["terminal_key"].Text))),
        .. _grid.Batches.SelectMany(file => file.Rows)
            .Select(row => $"{row.Key}: {string.Join(',', row.Values.Select(value => value.Number))}")]);

    [Theory]
    [MemberData(nameof(Bodies))]
    public async Task A_gzip_body_is_read_as_the_plain_one(string path, string contentType, string body)
    {
        await using var host = await GatewayHost.StartAsync(_grid);
        var plain = await SendAsync(host, path, contentType, null, Encoding.UTF8.GetBytes(body));
        var given = Given;

        foreach (var (encoding, bytes) in new[]
        {
            ("gzip", Gzip(body)), ("GZIP", Gzip(body)), ("x-gzip", Gzip(body)), ("identity, gzip", Gzip(body)),
            ("identity", Encoding.UTF8.GetBytes(body)),
            ("gzip", [.. Gzip(body[..7]), .. Gzip(body[7..])]), ("gzip", [.. Gzip(body), .. Gzip("")]), ("gzip", Gzip("\ufeff" + body)),
        })
        {
            Clear();
            var answer = await SendAsync(host, path, contentType, encoding, bytes);

            Assert.Equal((HttpStatusCode.OK, plain.Body), (answer.Status, answer.Body));
            Assert.Equal(given, Given);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(1_000)]
    public async Task A_gzip_stream_is_read_however_it_is_cut_into_parts(int part)
    {
        await using var host = await GatewayHost.StartAsync(_grid);
        byte[] bytes = [.. Gzip(Lines), .. Gzip(Lines), .. Gzip(Lines)];
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri("/v1/events/transaction", UriKind.Relative))
        {
            Content = new SlowContent(bytes, part),
        };
        request.Content.Headers.ContentEncoding.Add("gzip");

        using var answer = await host.Client.SendAsync(request, TestContext.Current.CancellationToken);

        var receipt = JsonNode.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!;
        Assert.Equal((9, 0), ((int)receipt["accepted"]!, (int)receipt["rejected_count"]!));
    }

    [Theory]
    [MemberData(nameof(Bodies))]
    public async Task A_gzip_body_that_is_cut_off_anywhere_is_refused(string path, string contentType, string body)
    {
        await using var host = await GatewayHost.StartAsync(_grid);
        await SendAsync(host, path, contentType, null, Encoding.UTF8.GetBytes(body));
        var whole = Given;
        var stored = Gzip(body, CompressionLevel.NoCompression);

        foreach (var bytes in new[] { Gzip(body), stored })
        {
            for (var length = 0; length < bytes.Length; length++)
            {
                Clear();
                var (status, answer, _) = await SendAsync(host, path, contentType, "gzip", bytes[..length]);

                Assert.Equal((HttpStatusCode.BadRequest, "invalid_input"), (status, (string)JsonNode.Parse(answer)!["code"]!));
                Assert.Contains("gzip", answer, StringComparison.Ordinal);
                Assert.StartsWith(Given, whole, StringComparison.Ordinal); // lines before the cut, each as it was sent
                Assert.True(path == "/v1/events/transaction" && contentType == NdJson || Given.Length == 0);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Bodies))]
    public async Task A_gzip_body_that_is_corrupt_is_refused(string path, string contentType, string body)
    {
        await using var host = await GatewayHost.StartAsync(_grid);
        var bytes = Gzip(body);

        foreach (var corrupt in new[]
        {
            [.. bytes, 0], [.. bytes, .. "{}\n"u8], [.. bytes, 0x1f], [.. bytes, 0x1f, 0x8b],
            Changed(bytes, 0), Changed(bytes, bytes.Length - 8), Changed(bytes, bytes.Length - 1),
            Encoding.UTF8.GetBytes(body), Encoding.UTF8.GetBytes("x"),
        })
        {
            var (status, answer, _) = await SendAsync(host, path, contentType, "gzip", corrupt);

            Assert.Equal(HttpStatusCode.BadRequest, status);
            Assert.Contains("gzip", answer, StringComparison.Ordinal);
        }
    }

    [Theory]
    [MemberData(nameof(Bodies))]
    public async Task A_decompressed_body_is_held_to_the_limit(string path, string contentType, string body)
    {
        await using var host = await GatewayHost.StartAsync(
            _grid, options => (options.MaxBodyBytes, options.MaxStreamBytes) = (8 << 10, 1 << 20));
        var blanks = new string(' ', contentType == Json ? 9 << 10 : 2 << 20);

        var (status, answer, _) = await SendAsync(host, path, contentType, "gzip", Gzip(blanks + body));
        var (fits, _, _) = await SendAsync(host, path, contentType, "gzip", Gzip(new string(' ', 100) + body));

        Assert.Equal((HttpStatusCode.RequestEntityTooLarge, HttpStatusCode.OK), (status, fits));
        Assert.Contains("at most", answer, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("br")]
    [InlineData("deflate")]
    [InlineData("zstd")]
    [InlineData("compress")]
    [InlineData("gzip, gzip")]
    [InlineData("gzip, br")]
    [InlineData("nonsense")]
    public async Task Another_content_encoding_is_answered_with_415_and_what_is_accepted(string encoding)
    {
        await using var host = await GatewayHost.StartAsync(_grid);

        foreach (var (path, contentType, body) in Bodies.Select(row => row.Data))
        {
            var (status, answer, acceptEncoding) = await SendAsync(host, path, contentType, encoding, Encoding.UTF8.GetBytes(body));

            Assert.Equal((HttpStatusCode.UnsupportedMediaType, "gzip"), (status, acceptEncoding));
            Assert.Equal("content-encoding", (string)JsonNode.Parse(answer)!["field"]!);
            Assert.Contains(encoding, (string)JsonNode.Parse(answer)!["found"]!, StringComparison.Ordinal);
        }

        Assert.Equal("", Given);
    }

    [Theory]
    [MemberData(nameof(Bodies))]
    public async Task A_byte_order_mark_is_passed_over(string path, string contentType, string body)
    {
        await using var host = await GatewayHost.StartAsync(_grid);
        var plain = await SendAsync(host, path, contentType, null, Encoding.UTF8.GetBytes(body));
        var given = Given;
        Clear();

        var marked = await SendAsync(host, path, contentType, null, Encoding.UTF8.GetBytes("\ufeff" + body));

        Assert.Equal(plain, marked);
        Assert.Equal(given, Given);
    }

    [Theory]
    [MemberData(nameof(Bodies))]
    public async Task A_body_in_UTF_16_or_UTF_32_is_refused_as_such(string path, string contentType, string body)
    {
        await using var host = await GatewayHost.StartAsync(_grid);

        foreach (var encoding in new Encoding[] { Encoding.Unicode, Encoding.BigEndianUnicode, Encoding.UTF32, new UTF32Encoding(true, true) })
        {
            foreach (var bytes in new[] { encoding.GetBytes(body), encoding.GetBytes("\ufeff" + body) })
            {
                var (status, answer, _) = await SendAsync(host, path, contentType, null, bytes);

                Assert.Equal(HttpStatusCode.BadRequest, status);
                Assert.Contains("UTF-16", (string)JsonNode.Parse(answer)!["found"]!, StringComparison.Ordinal);
                Assert.Equal("text in UTF-8", (string)JsonNode.Parse(answer)!["expected"]!);
            }
        }

        Assert.Equal("", Given);
    }

    [Fact]
    public async Task Only_the_begin_of_a_stream_may_have_a_byte_order_mark()
    {
        await using var host = await GatewayHost.StartAsync(_grid);

        var (_, receipt) = await host.PostAsync("/v1/events/transaction", "\ufeff{\"card\":\"1\"}\n\ufeff{\"card\":\"2\"}\n", NdJson);

        Assert.Equal((1, 2), ((int)receipt["accepted"]!, (int)receipt["rejected"]![0]!["line"]!));
    }

    private void Clear()
    {
        _grid.Told.Clear();
        _grid.Ranked.Clear();
        _grid.Batches.Clear();
    }

    private static byte[] Changed(byte[] bytes, int at)
    {
        var changed = bytes.ToArray();
        changed[at] ^= 0x55;
        return changed;
    }

    private static byte[] Gzip(string text, CompressionLevel level = CompressionLevel.Optimal)
    {
        using var compressed = new MemoryStream();
        using (var gzip = new GZipStream(compressed, level))
        {
            gzip.Write(Encoding.UTF8.GetBytes(text));
        }

        return compressed.ToArray();
    }

    private static async Task<(HttpStatusCode Status, string Body, string AcceptEncoding)> SendAsync(
        GatewayHost host, string path, string contentType, string? encoding, byte[] body)
    {
        using var content = new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue(contentType) } };
        if (encoding is not null)
        {
            content.Headers.TryAddWithoutValidation("Content-Encoding", encoding);
        }

        using var answer = await host.Client.PostAsync(new Uri(path, UriKind.Relative), content, TestContext.Current.CancellationToken);
        var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        var accepted = answer.Headers.TryGetValues("Accept-Encoding", out var values) ? string.Join(", ", values) : "";
        return (answer.StatusCode, text, accepted);
    }
}
