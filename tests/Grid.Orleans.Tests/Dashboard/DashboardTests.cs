using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Grid.Drills;
using Grid.Testing;

namespace Grid.Orleans.Tests;

/// <summary>
/// The Orleans dashboard is served by a silo and by a gateway process, to callers with an admin key, and only where it is switched on.
/// </summary>
[Collection(nameof(Alone))]
public sealed class DashboardTests
{
    private const string Caller = "a-key-of-a-caller-0";
    private const string Admin = "a-key-of-an-admin-0";
    private const string Page = "/admin/orleans/";
    private const string Counters = "/admin/orleans/DashboardCounters";

    private readonly int _siloPort = FreePort.Next();
    private readonly int _gatewayPort = FreePort.Next();

    [Fact]
    public async Task Silo_and_gateway_serve_it_to_administrators_only()
    {
        string[] settings = ["--Grid:Orleans:Dashboard=true", "--Grid:Gateway:ApiKeys:0=" + Caller, "--Grid:Gateway:AdminKeys:0=" + Admin];
        await using var silo = await StartAsync("serve", settings);
        await using var gateway = await StartAsync("gateway", settings);

        foreach (var process in new[] { silo, gateway })
        {
            using var http = new HttpClient { BaseAddress = process.Address };
            foreach (var path in (string[])[Page, Counters, Page + "GrainState", Page + "Trace", Page + "index.min.js"])
            {
                Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(http, path));
                Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(http, path, new("Bearer", Caller)));
                Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(http, path, BasicOf(Caller)));
            }

            Assert.Equal(HttpStatusCode.OK, await StatusAsync(http, Page, new("Bearer", Admin)));
            Assert.Equal(HttpStatusCode.OK, await StatusAsync(http, Page, BasicOf(Admin)));
            Assert.Contains("\"hosts\"", await ReadAsync(http, Counters), StringComparison.OrdinalIgnoreCase);
            Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(http, "/admin/orleans/Trace", BasicOf(Admin)));
            Assert.Equal(HttpStatusCode.OK, await StatusAsync(http, "/v1/schema", new("Bearer", Admin)));
            Assert.Equal(HttpStatusCode.OK, await StatusAsync(http, "/v1/schema", new("Bearer", Caller)));
            Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(http, "/DashboardCounters", new("Bearer", Admin)));
        }
    }

    [Fact]
    public async Task It_is_not_there_where_it_is_off()
    {
        await using var silo = await StartAsync("serve", ["--Grid:Gateway:AdminKeys:0=" + Admin]);
        using var http = new HttpClient { BaseAddress = silo.Address };

        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(http, Page, new("Bearer", Admin)));
        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(http, Counters, new("Bearer", Admin)));
    }

    [Theory]
    [InlineData("serve")]
    [InlineData("gateway")]
    public async Task It_does_not_start_without_an_admin_key(string command)
    {
        await using var process = Start(command, ["--Grid:Orleans:Dashboard=true", "--Grid:Gateway:ApiKeys:0=" + Caller]);

        var code = await process.EndsAsync();

        Assert.Equal(1, code);
        Assert.Contains("Grid:Orleans:Dashboard is true, and Grid:Gateway:AdminKeys is empty; expected a key", process.Output,
            StringComparison.Ordinal);
    }

    private static AuthenticationHeaderValue BasicOf(string key) =>
        new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes("anybody:" + key)));

    private static async Task<HttpStatusCode> StatusAsync(HttpClient http, string path, AuthenticationHeaderValue? with = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path) { Headers = { Authorization = with } };
        using var answer = await http.SendAsync(request);
        return answer.StatusCode;
    }

    private static async Task<string> ReadAsync(HttpClient http, string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path) { Headers = { Authorization = new("Bearer", Admin) } };
        using var answer = await http.SendAsync(request);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return await answer.Content.ReadAsStringAsync();
    }

    private async Task<SiloProcess> StartAsync(string command, string[] settings)
    {
        var process = Start(command, settings);
        await process.ListensAsync(TimeSpan.FromMinutes(5));
        return process;
    }

    private SiloProcess Start(string command, string[] settings) => SiloProcess.Start(command,
    [
        command, "--urls", "http://127.0.0.1:0", "--Grid:Orleans:Storage=memory",
        "--Grid:Orleans:SiloPort=" + _siloPort.ToString(CultureInfo.InvariantCulture),
        "--Grid:Orleans:GatewayPort=" + _gatewayPort.ToString(CultureInfo.InvariantCulture),
        .. command == "serve" ? (string[])["--host", "orleans", "--bundle", Repository.Bundle("fraud")] : [],
        .. settings,
    ]);
}
