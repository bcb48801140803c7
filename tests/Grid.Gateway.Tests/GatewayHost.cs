using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace Grid.Gateway.Tests;

/// <summary>A gateway over a grid, behind a real Kestrel on a free loopback port.</summary>
internal sealed class GatewayHost : IAsyncDisposable
{
    private readonly WebApplication _app;

    private GatewayHost(WebApplication app)
    {
        _app = app;
        Address = new Uri(app.Urls.Single());
        Client = new HttpClient { BaseAddress = Address };
    }

    public Uri Address { get; }

    public HttpClient Client { get; }

    public IServiceProvider Parts => _app.Services;

    public static async Task<GatewayHost> StartAsync(
        IGrid grid, Action<GatewayOptions>? configure = null, string url = "http://127.0.0.1:0", Action<IServiceCollection>? add = null,
        TimeProvider? time = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls(url);
        builder.Services.AddSingleton(grid);
        builder.Services.AddSingleton(time ?? new FakeTimeProvider());
        builder.Services.AddGridGateway(configure);
        add?.Invoke(builder.Services);
        var app = builder.Build();
        app.MapGridGateway();
        await app.StartAsync(TestContext.Current.CancellationToken);
        return new(app);
    }

    public async Task<(HttpStatusCode Status, JsonNode Body)> PostAsync(string path, string body, string? contentType = "application/json") =>
        await PostAsync(path, Encoding.UTF8.GetBytes(body), contentType);

    public async Task<(HttpStatusCode Status, JsonNode Body)> PostAsync(string path, byte[] body, string? contentType = "application/json")
    {
        using var content = new ByteArrayContent(body);
        if (contentType is not null)
        {
            content.Headers.TryAddWithoutValidation("Content-Type", contentType);
        }

        using var answer = await Client.PostAsync(new Uri(path, UriKind.Relative), content, TestContext.Current.CancellationToken);
        return await ReadAsync(answer);
    }

    public async Task<(HttpStatusCode Status, JsonNode Body)> GetAsync(string path)
    {
        using var answer = await Client.GetAsync(new Uri(path, UriKind.Relative), TestContext.Current.CancellationToken);
        return await ReadAsync(answer);
    }

    /// <summary>Sends a request without a body, with its target as it is.</summary>
    /// <returns>The status, and the whole answer.</returns>
    public async Task<(int Status, string Answer)> SendTargetAsync(string method, string target)
    {
        var answer = await SendRawAsync(
            Encoding.Latin1.GetBytes($"{method} {target} HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"));
        return (int.Parse(answer.Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture), answer);
    }

    /// <summary>Sends bytes as they are, and reads until the server closes.</summary>
    /// <param name="request">It asks the server to close, or is not whole.</param>
    /// <param name="goAway">Whether the caller closes its side at once.</param>
    public async Task<string> SendRawAsync(byte[] request, bool goAway = false)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(IPAddress.Loopback, Address.Port, TestContext.Current.CancellationToken);
        await socket.SendAsync(request, TestContext.Current.CancellationToken);
        if (goAway)
        {
            socket.Shutdown(SocketShutdown.Send);
        }

        var received = new MemoryStream();
        var buffer = new byte[4096];
        try
        {
            int more;
            while ((more = await socket.ReceiveAsync(buffer, TestContext.Current.CancellationToken)) > 0)
            {
                received.Write(buffer, 0, more);
            }
        }
        catch (SocketException reset) when (goAway && reset.SocketErrorCode == SocketError.ConnectionReset)
        {
            // A server may drop a caller that has gone instead of answering it.
        }

        return Encoding.UTF8.GetString(received.ToArray());
    }

    /// <summary>Sends bytes and breaks the connection off as soon as the server has taken them.</summary>
    public async Task SendAndResetAsync(byte[] request)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.LingerState = new LingerOption(true, 0);
        await socket.ConnectAsync(IPAddress.Loopback, Address.Port, TestContext.Current.CancellationToken);
        await socket.SendAsync(request, TestContext.Current.CancellationToken);
    }

    /// <summary>Sends the head of a request, and goes away when the server has begun to read the body.</summary>
    public async Task SendHeadAndCloseAsync(string head)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(IPAddress.Loopback, Address.Port, TestContext.Current.CancellationToken);
        await socket.SendAsync(Encoding.ASCII.GetBytes(head + "Expect: 100-continue\r\n\r\n"), TestContext.Current.CancellationToken);
        var buffer = new byte[25]; // as long as the answer
        for (var received = 0; received < buffer.Length;)
        {
            var more = await socket.ReceiveAsync(buffer.AsMemory(received), TestContext.Current.CancellationToken);
            Assert.NotEqual(0, more);
            received += more;
        }

        Assert.Equal("HTTP/1.1 100 Continue\r\n\r\n", Encoding.ASCII.GetString(buffer));
    }

    /// <summary>Stops the server when it has done with every connection.</summary>
    public Task StopAsync() => _app.StopAsync(TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.DisposeAsync();
    }

    private static async Task<(HttpStatusCode Status, JsonNode Body)> ReadAsync(HttpResponseMessage answer)
    {
        var expected = (int)answer.StatusCode < 400 ? "application/json" : "application/problem+json";
        Assert.Equal(expected, answer.Content.Headers.ContentType?.MediaType);
        Assert.NotNull(answer.Content.Headers.ContentLength);
        var body = JsonNode.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!;
        if ((int)answer.StatusCode >= 400)
        {
            Assert.Equal((int)answer.StatusCode, (int)body["status"]!);
            Assert.Equal("about:blank", (string)body["type"]!);
            Assert.NotEqual("", (string)body["code"]!);
            Assert.NotEqual("", (string)body["title"]!);
            Assert.NotEqual("", (string)body["detail"]!);
        }

        return (answer.StatusCode, body);
    }
}
