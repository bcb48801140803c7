using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Grid.Orleans;

/// <summary>
/// Decides which certificates are the cluster's: issued by its authorities, for a purpose, in their time, and with a name where one is
/// asked for.
/// </summary>
internal sealed class CertificateTrust(X509Certificate2Collection authority, string purpose, string serverName, TimeProvider time)
{
    public const string Server = "1.3.6.1.5.5.7.3.1";
    public const string Client = "1.3.6.1.5.5.7.3.2";

    /// <param name="certificate">The certificate that was presented.</param>
    /// <param name="sent">The chain that came with it, whose certificates may be intermediates.</param>
    public bool Accepts(X509Certificate2 certificate, X509Chain? sent = null) => WhyNot(certificate, sent) is null;

    /// <summary>Why it is not accepted; null where it is.</summary>
    public string? WhyNot(X509Certificate2 certificate, X509Chain? sent = null)
    {
        using var chain = new X509Chain();
        var policy = chain.ChainPolicy;
        policy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        policy.CustomTrustStore.AddRange(authority);
        policy.ExtraStore.AddRange(authority);
        policy.ExtraStore.AddRange(sent?.ChainPolicy.ExtraStore ?? []);
        policy.RevocationMode = X509RevocationMode.NoCheck;
        policy.DisableCertificateDownloads = true;
        policy.ApplicationPolicy.Add(new Oid(purpose));
        policy.VerificationTime = time.GetUtcNow().LocalDateTime;
        if (!chain.Build(certificate))
        {
            return string.Join(", ", chain.ChainStatus.Select(status => status.Status).Distinct());
        }

        return serverName.Length == 0 || certificate.MatchesHostname(serverName) ? null : $"it is not for {serverName}";
    }
}
