using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Grid.Orleans.Tests;

/// <summary>A certificate authority made for a test, and PEM files of what it issues, in a folder that goes away with it.</summary>
internal sealed class TestAuthority : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("grid-tls-");
    private readonly X509Certificate2 _root;
    private int _issued;

    public TestAuthority(DateTimeOffset? now = null)
    {
        Now = now ?? TimeProvider.System.GetUtcNow();
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=grid test authority", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(X509BasicConstraintsExtension.CreateForCertificateAuthority());
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, critical: true));
        _root = request.CreateSelfSigned(Now.AddDays(-400), Now.AddDays(400));
        File = Write("authority.pem", _root.ExportCertificatePem());
    }

    public DateTimeOffset Now { get; }

    /// <summary>Whether it issued a server's certificate.</summary>
    public bool Issued(X509Certificate2 certificate) =>
        new CertificateTrust([_root], CertificateTrust.Server, "", TimeProvider.System).Accepts(certificate);

    /// <summary>PEM file of the authority's certificate.</summary>
    public string File { get; }

    /// <summary>Issues a certificate.</summary>
    /// <param name="name">Its DNS name.</param>
    /// <param name="from">From how many days from now on it is valid.</param>
    /// <param name="to">To how many days from now it is valid.</param>
    /// <param name="purposes">What it is for; servers and clients where none is given.</param>
    /// <returns>PEM files of the certificate and of its key.</returns>
    public (string Certificate, string Key) Issue(string name, int from = -1, int to = 30, params string[] purposes)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(name);
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        var usages = new OidCollection();
        foreach (var purpose in purposes is [] ? [CertificateTrust.Server, CertificateTrust.Client] : purposes)
        {
            usages.Add(new(purpose));
        }

        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension(usages, critical: false));
        using var certificate = request.Create(_root, Now.AddDays(from), Now.AddDays(to), BitConverter.GetBytes(++_issued));
        return (Write($"{name}-{_issued}.pem", certificate.ExportCertificatePem()),
            Write($"{name}-{_issued}.key", key.ExportPkcs8PrivateKeyPem()));
    }

    /// <summary>Writes a file into the folder.</summary>
    public string Write(string name, string text)
    {
        var path = Path.Combine(_folder.FullName, name);
        System.IO.File.WriteAllText(path, text);
        return path;
    }

    public void Dispose()
    {
        _root.Dispose();
        _folder.Delete(recursive: true);
    }
}
