using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

using Microsoft.Extensions.DependencyInjection;

namespace Grid.Orleans.Tests;

/// <summary>Two silos that speak TLS to each other, and who may connect to them.</summary>
public sealed class TlsClusterTests : IAsyncLifetime
{
    private readonly TestAuthority _authority = new();
    private readonly TestAuthority _strangers = new();
    private HostedCluster _cluster = null!;

    public async ValueTask InitializeAsync() => _cluster = await HostedCluster.StartAsync(Secured(), silos: 2);

    [Fact]
    public async Task Cluster_decides_over_tls()
    {
        for (var i = 1; i <= 20; i++)
        {
            await _cluster.Grid.DecideAsync("authorize", PaymentOf($"card-{i}"), default); // Cards live in both silos.
        }

        Assert.Equal(20, await _cluster.Grid.TerminalAsync("tx_count_7d"));
        foreach (var port in _cluster.Silos.SelectMany(silo => (int[])[silo.SiloPort, silo.GatewayPort]))
        {
            Assert.Equal("CN=silo", await ServerOfAsync(port));
        }
    }

    [Fact]
    public Task Client_without_tls_cannot_connect() => AssertRefusedAsync(options => options.Storage = StorageKind.Memory);

    [Fact]
    public Task Client_that_trusts_another_authority_cannot_connect() =>
        AssertRefusedAsync(Secured(tls => tls.Mutual = false) + (options => options.Tls.Authority = _strangers.File));

    [Fact]
    public Task Client_without_a_certificate_cannot_connect() =>
        AssertRefusedAsync(Secured(tls => (tls.Certificate, tls.Key, tls.Mutual) = ("", "", false)));

    [Fact]
    public async Task Certificate_of_another_authority_is_refused_by_the_silo()
    {
        var (certificate, key) = _strangers.Issue("client");
        using var stranger = X509Certificate2.CreateFromPemFile(certificate, key);

        // In TLS 1.3 a client learns that its certificate was refused with its first read.
        await Assert.ThrowsAnyAsync<Exception>(async () =>
        {
            await using var stream = await HandshakeAsync(_cluster.Silos[0].GatewayPort, [stranger]);
            Assert.NotEqual(0, await stream.ReadAsync(new byte[1]));
        });
    }

    [Fact]
    public async Task Client_with_its_own_certificate_connects()
    {
        var (certificate, key) = _authority.Issue("client", purposes: CertificateTrust.Client);
        var configure = Secured(tls => (tls.Certificate, tls.Key, tls.ServerName) = (certificate, key, "silo"));
        using var client = HostedCluster.MakeClient(_cluster.ClientOptions(configure));

        await client.StartAsync();
        var grid = await OrleansGrid.ConnectAsync(client.Services.GetRequiredService<IClusterClient>(), TimeProvider.System, default);
        var decision = await grid.AuthorizeAsync("t1");
        await client.StopAsync();

        Assert.False(decision.Duplicate);
    }

    [Fact]
    public Task Client_that_asks_for_another_name_cannot_connect() => AssertRefusedAsync(Secured(tls => tls.ServerName = "somebody-else"));

    public async ValueTask DisposeAsync()
    {
        await _cluster.DisposeAsync();
        _authority.Dispose();
        _strangers.Dispose();
    }

    private static Event PaymentOf(string card)
    {
        var payment = Payments.Of("of-" + card);
        payment["card"] = card;
        return payment;
    }

    private async Task<string> ServerOfAsync(int port)
    {
        var subject = "";
        try
        {
            await using var stream = await HandshakeAsync(port, [], certificate => subject = certificate.Subject);
        }
        catch (Exception e) when (e is IOException or AuthenticationException)
        {
            // It wants a certificate of ours; we have seen its own.
        }

        return subject;
    }

    private async Task<SslStream> HandshakeAsync(int port, X509CertificateCollection own, Action<X509Certificate>? seen = null)
    {
        var socket = new TcpClient();
        await socket.ConnectAsync(IPAddress.Loopback, port);
        var stream = new SslStream(socket.GetStream(), leaveInnerStreamOpen: false, (_, certificate, _, _) =>
        {
            seen?.Invoke(certificate!);
            return _authority.Issued((X509Certificate2)certificate!);
        });
        await stream.AuthenticateAsClientAsync(
            new SslClientAuthenticationOptions { TargetHost = "silo", ClientCertificates = own, ApplicationProtocols = [new("Orleans1")] });
        return stream;
    }

    /// <summary>A client that finds nobody goes on trying: three connections that failed, and it has not started.</summary>
    private async Task AssertRefusedAsync(Action<GridClusterOptions> configure)
    {
        var failures = new ConnectionFailures(3);
        using var client = HostedCluster.MakeClient(_cluster.ClientOptions(configure), failures);

        var starting = client.StartAsync(CancellationToken.None);
        await failures.Seen;

        Assert.False(starting.IsCompleted);
    }

    private Action<GridClusterOptions> Secured(Action<TlsSettings>? change = null)
    {
        var (certificate, key) = _authority.Issue("silo");
        return options =>
        {
            options.Storage = StorageKind.Memory;
            (options.Tls.Enabled, options.Tls.Authority) = (true, _authority.File);
            (options.Tls.Certificate, options.Tls.Key) = (certificate, key);
            change?.Invoke(options.Tls);
        };
    }
}
