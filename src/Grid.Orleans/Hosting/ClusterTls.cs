using System.Security.Cryptography.X509Certificates;

using Microsoft.Extensions.Options;

using Orleans.Configuration;
using Orleans.Connections.Security;

namespace Grid.Orleans;

/// <summary>TLS of a silo's or a client's connections to others of the cluster.</summary>
internal sealed class ClusterTls
{
    private readonly TlsSettings _settings;
    private readonly X509Certificate2? _own;
    private readonly X509Certificate2Collection _authority;

    private ClusterTls(TlsSettings settings, X509Certificate2? own, X509Certificate2Collection authority) =>
        (_settings, _own, _authority) = (settings, own, authority);

    public static void Apply(ISiloBuilder silo, TlsSettings settings)
    {
        if (settings.Enabled)
        {
            var tls = Read(settings, client: false);
            silo.Configure<SiloConnectionOptions>(connections =>
            {
                connections.ConfigureSiloInboundConnection(connection => connection.UseServerTls(tls.Inbound()));
                connections.ConfigureGatewayInboundConnection(connection => connection.UseServerTls(tls.Inbound()));
                connections.ConfigureSiloOutboundConnection(connection => connection.UseClientTls(tls.Outbound()));
            });
        }
    }

    public static void Apply(IClientBuilder client, TlsSettings settings)
    {
        if (settings.Enabled)
        {
            var tls = Read(settings, client: true);
            client.Configure<ClientConnectionOptions>(connections =>
                connections.ConfigureConnection(connection => connection.UseClientTls(tls.Outbound())));
        }
    }

    /// <summary>Reads the files.</summary>
    /// <returns>What was read, or null where TLS is off or something is wrong.</returns>
    public static ClusterTls? TryRead(TlsSettings settings, bool client, TimeProvider time, ICollection<string> faults)
    {
        if (!settings.Enabled)
        {
            if (settings.Certificate.Length + settings.Key.Length + settings.Authority.Length > 0)
            {
                faults.Add($"{TlsSettings.Section}:Enabled is false, and files are set; expected true, or no files.");
            }

            return null;
        }

        var files = new CertificateFiles(settings, time, faults);
        var authority = files.ReadAuthority();
        var own = client && !settings.Mutual ? null : files.ReadOwn();
        if (authority is not null && own is not null)
        {
            foreach (var (purpose, name) in Purposes(settings, client))
            {
                files.CheckIssuer(own, authority, purpose, name);
            }
        }

        return faults.Count == 0 && authority is not null ? new(settings, own, authority) : null;
    }

    private static ClusterTls Read(TlsSettings settings, bool client)
    {
        var faults = new List<string>();
        return TryRead(settings, client, GridClock.Default, faults)
            ?? throw new OptionsValidationException(TlsSettings.Section, typeof(TlsSettings), faults);
    }

    // A silo is a client of the other silos, too.
    private static IEnumerable<(string Purpose, string Name)> Purposes(TlsSettings settings, bool client)
    {
        if (!client)
        {
            yield return (CertificateTrust.Server, settings.ServerName);
        }

        if (settings.Mutual)
        {
            yield return (CertificateTrust.Client, "");
        }
    }

    private TlsOptions Inbound()
    {
        var clients = new CertificateTrust(_authority, CertificateTrust.Client, "", GridClock.Default);
        return new()
        {
            LocalCertificate = _own,
            RemoteCertificateMode = _settings.Mutual ? RemoteCertificateMode.RequireCertificate : RemoteCertificateMode.NoCertificate,
            RemoteCertificateValidation = (certificate, chain, _) => clients.Accepts(certificate, chain),
        };
    }

    private TlsOptions Outbound()
    {
        var servers = new CertificateTrust(_authority, CertificateTrust.Server, _settings.ServerName, GridClock.Default);
        return new()
        {
            LocalCertificate = _settings.Mutual ? _own : null,
            ClientCertificateMode = _settings.Mutual ? RemoteCertificateMode.RequireCertificate : RemoteCertificateMode.NoCertificate,
            RemoteCertificateMode = RemoteCertificateMode.RequireCertificate,
            RemoteCertificateValidation = (certificate, chain, _) => servers.Accepts(certificate, chain),
            OnAuthenticateAsClient = (_, authentication) =>
                authentication.TargetHost = _settings.ServerName.Length > 0 ? _settings.ServerName : "grid-silo",
        };
    }
}
