using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Net;
using System.Text;
using System.Text.Json;
using Grid.Drills;

namespace Grid.Orleans.Tests;

/// <summary>
/// Gives tokens as Azure's own endpoint for managed identities does in an app service (<c>IDENTITY_ENDPOINT</c>), on loopback: Azure itself
/// cannot run here. The emulator checks a token's issuer, audience and times, not who signed it.
/// </summary>
internal sealed class IdentityEndpoint : IDisposable
{
    private const string Issuer = "https://sts.windows.net/00000000-0000-0000-0000-000000000000/";
    private const string Secret = "identity-header-of-the-test";
    private readonly HttpListener _listener = new();
    private readonly Uri _address = new($"http://127.0.0.1:{FreePort.Next()}/token/");

    public IdentityEndpoint()
    {
        _listener.Prefixes.Add(_address.ToString());
        _listener.Start();
        _ = AnswerAllAsync();
    }

    /// <summary>The queries of the requests for tokens.</summary>
    public ConcurrentQueue<string> Requests { get; } = new();

    /// <summary>What a process in an app service finds in its environment.</summary>
    public Dictionary<string, string> Environment => new() { ["IDENTITY_ENDPOINT"] = _address.ToString(), ["IDENTITY_HEADER"] = Secret };

    public void Dispose() => _listener.Close();

    private static string Part(object content) => Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(content));

    private static string TokenFor(string audience, long now) =>
        $"{Part(new { alg = "RS256", typ = "JWT" })}."
        + $"{Part(new { aud = audience, iss = Issuer, nbf = now - 60, iat = now - 60, exp = now + 3_600 })}."
        + Base64Url.EncodeToString(Encoding.ASCII.GetBytes("signature"));

    private async Task AnswerAllAsync()
    {
        try
        {
            while (true)
            {
                await AnswerAsync(await _listener.GetContextAsync());
            }
        }
        catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private async Task AnswerAsync(HttpListenerContext context)
    {
        Requests.Enqueue(context.Request.Url!.Query);
        var resource = context.Request.QueryString["resource"] ?? "";
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();
        context.Response.StatusCode = context.Request.Headers["X-IDENTITY-HEADER"] == Secret ? 200 : 401;
        context.Response.ContentType = "application/json";
        await JsonSerializer.SerializeAsync(
            context.Response.OutputStream,
            new { access_token = TokenFor(resource, now), expires_on = $"{now + 3_600}", resource, token_type = "Bearer" });
        context.Response.Close();
    }
}
