using System.IO.Compression;
using System.Text;
using Grid.Testing;

namespace Grid.Client.Tests;

/// <summary>A bundle with batch features, served.</summary>
public sealed class ServedTastes : ServedGrid
{
    private const string Text = """
        bundle: tastes
        version: 1.0.0
        events:
          order:
            id: order
            time: at
            fields: { order: string, at: timestamp, user: string }
            keys: { user: user }
        entities:
          user:
            orders: { count: order, window: 1d }
            cuisine: { batch: text, max_age: 30d }
            spend: { batch: number }
            loyal: { batch: boolean }
        """;

    private readonly BundleFolder _bundle = new(Text);

    public override string Bundle => _bundle.Path;

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        _bundle.Dispose();
        GC.SuppressFinalize(this);
    }
}

public sealed class BatchCommandTests(ServedTastes served) : IClassFixture<ServedTastes>
{
    [Theory]
    [InlineData("tastes.csv", "entity,at,cuisine,spend,loyal\nu-csv,2026-01-01T00:00:00Z,\"thai, hot\",12.5,true\nv-csv,2026-01-02T00:00:00Z,,,\n", "u-csv")]
    [InlineData("tastes.ndjson", "{\"entity\":\"u-nd\",\"at\":\"2026-01-01T00:00:00Z\",\"cuisine\":\"thai, hot\",\"spend\":12.5,\"loyal\":true}\n{\"at\":1767312000000,\"entity\":\"v-nd\"}\n", "u-nd")]
    public async Task A_file_is_loaded_and_read_back_with_its_age(string name, string text, string user)
    {
        var file = Path.Combine(served.Bundle, name);
        await File.WriteAllTextAsync(file, text, TestContext.Current.CancellationToken);

        var ran = await Ran.Async(["batch", "load", file, "--bundle", served.Bundle, "--kind", "user", "--url", served.Address]);

        Assert.Equal((0, ""), (ran.Code, ran.Error));
        Assert.StartsWith("2 of kind user loaded: cuisine, spend, loyal. Computed from 2026-01-01T00:00:00.000Z to 2026-01-02T00:00:00.000Z; seen from ", ran.Out, StringComparison.Ordinal);
        var seen = ran.Out.Split("seen from ")[1].Split(' ')[0];
        using var grid = await GridClient.ConnectAsync(new(served.Address), null, TestContext.Current.CancellationToken);
        Assert.True(EventTime.TryParse(seen, out var at));
        var read = await grid.ReadFeaturesAsync(new("user", user), at, TestContext.Current.CancellationToken);
        Assert.Equal((12.5, 1.0), (read["spend"].Value, read["loyal"].Value));
        Assert.Equal(at.UnixMilliseconds - 1_767_225_600_000, read["spend"].AgeMilliseconds);

        var listed = await Ran.Async(["features", "list", "--url", served.Address]);
        Assert.Equal((0, ""), (listed.Code, listed.Error));
        Assert.Matches(@"user\.orders +streaming +1d +- +- +- ", listed.Out);
        Assert.Matches(@"user\.cuisine +batch +- +- +30d ", listed.Out);
    }

    [Theory]
    [InlineData("entity,at,cuisine\nu,2026-01-01,thai\nu,2026-01-01,thai\n", "'row 2, entity': expected each entity once, found 'u' again")]
    [InlineData("entity,at,spend\nu,2026-01-01,much\n", "expected a number, found 'much'")]
    [InlineData("entity,at,spending\nu,2026-01-01,1\n", "it has cuisine, spend, loyal")]
    [InlineData("entity,cuisine\nu,thai\n", "there is no column 'at'")]
    public async Task A_file_at_fault_is_refused_in_words(string text, string says)
    {
        var file = Path.Combine(served.Bundle, "faulty.csv");
        await File.WriteAllTextAsync(file, text, TestContext.Current.CancellationToken);

        var ran = await Ran.Async(["batch", "load", file, "--bundle", served.Bundle, "--kind", "user", "--url", served.Address]);

        Assert.Equal(1, ran.Code);
        Assert.Contains(says, ran.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a.csv", "entity,at,cuisine\ncaf\u00e9,2026-01-01,thai\n", ", line 2, column entity: found the byte 0xE9, which")]
    [InlineData("a.csv", "entity,at,spend,g\u00fcte\nu,2026-01-01,1,2\n", ", line 1, column 4: found the byte 0xFC, which is not UTF-8")]
    [InlineData("a.ndjson", "{\"entity\":\"u\",\"at\":0}\n{\"entity\":\"caf\u00e9\",\"at\":0}\n", "line 2': expected")]
    [InlineData("a.csv", "entity,at,spend,entity\nu,2026-01-01,1,v\n", ", line 1, column entity: found the name twice (columns 1 and 4)")]
    public async Task A_file_that_is_not_UTF8_or_names_a_column_twice_is_refused(string name, string text, string says)
    {
        var file = Path.Combine(served.Bundle, name);
        await File.WriteAllBytesAsync(file, Encoding.Latin1.GetBytes(text), TestContext.Current.CancellationToken);

        var ran = await Ran.Async(["batch", "load", file, "--bundle", served.Bundle, "--kind", "user", "--url", served.Address]);

        Assert.Equal((1, ""), (ran.Code, ran.Out));
        Assert.StartsWith(file, ran.Error, StringComparison.Ordinal);
        Assert.Contains(says, ran.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("cut.csv.gz")]
    [InlineData("cut.ndjson.gz")]
    public async Task A_compressed_file_that_breaks_off_loads_nothing(string name)
    {
        var cancellation = TestContext.Current.CancellationToken;
        var file = Path.Combine(served.Bundle, name);
        var lines = Enumerable.Range(0, 2_000).Select(i => name.Contains("ndjson", StringComparison.Ordinal)
            ? $"{{\"entity\":\"g{i}\",\"at\":1767312000000,\"spend\":{i * 7919 % 9973}}}\n"
            : $"g{i},2026-01-02T00:00:00Z,{i * 7919 % 9973}\n");
        var text = string.Concat(lines.Prepend(name.Contains("ndjson", StringComparison.Ordinal) ? "" : "entity,at,spend\n"));
        var whole = new MemoryStream();
        await using (var gzip = new GZipStream(whole, CompressionMode.Compress, leaveOpen: true))
        {
            await gzip.WriteAsync(Encoding.UTF8.GetBytes(text), cancellation);
        }

        await File.WriteAllBytesAsync(file, whole.ToArray(), cancellation);
        string[] load = ["batch", "load", file, "--bundle", served.Bundle, "--kind", "user", "--url", served.Address];
        var loaded = await Ran.Async(load);
        Assert.Equal((0, ""), (loaded.Code, loaded.Error));

        foreach (var length in new[] { whole.Length / 2, whole.Length - 1, whole.Length - 8, 12, 1 })
        {
            await File.WriteAllBytesAsync(file, whole.ToArray()[..(int)length], cancellation);
            var cut = await Ran.Async(load);
            Assert.Equal((1, ""), (cut.Code, cut.Out));
            Assert.StartsWith(file, cut.Error, StringComparison.Ordinal);
            Assert.Contains("the file breaks off", cut.Error, StringComparison.Ordinal);
        }

        using var grid = await GridClient.ConnectAsync(new(served.Address), null, cancellation);
        Assert.True(EventTime.TryParse(loaded.Out.Split("seen from ")[1].Split(' ')[0], out var at));
        var read = await grid.ReadFeaturesAsync(new("user", "g1999"), at, cancellation);
        Assert.Equal(1_999 * 7919 % 9973, read["spend"].Value);
    }

    [Theory]
    [InlineData("{\"entity\":\"u\",\"at\":\"2026-01-01T00:00:00Z\",\"spend\":[1]}\n", "line 1, spend")]
    [InlineData("\n{\"entity\":\"u\",\"spend\":1}\n", "line 2, at")]
    [InlineData("{\"entity\":\n", "line 1")]
    public async Task Lines_at_fault_are_told_by_their_number(string text, string field)
    {
        using var http = new HttpClient();
        using var content = new StringContent(text, new System.Net.Http.Headers.MediaTypeHeaderValue("application/x-ndjson"));

        using var answer = await http.PostAsync(new Uri(served.Address + "/v1/batches/user"), content, TestContext.Current.CancellationToken);

        Assert.Equal(System.Net.HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains($"\"field\":\"{field}\"", await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }
}
