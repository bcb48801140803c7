using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Grid.Orleans;

/// <summary>
/// Reads the PEM files of <see cref="TlsSettings"/>. What is wrong is added to the faults, by setting and file; the answer is then null.
/// </summary>
internal sealed class CertificateFiles(TlsSettings settings, TimeProvider time, ICollection<string> faults)
{
    private const string CertificateSetting = TlsSettings.Section + ":Certificate";
    private const string KeySetting = TlsSettings.Section + ":Key";
    private const string ValidNow = "expected a certificate that is valid now.";
    private const string AuthoritySetting = TlsSettings.Section + ":Authority";

    private (string Setting, string Path) KeyFile =>
        settings.Key.Length == 0 ? (CertificateSetting, settings.Certificate) : (KeySetting, settings.Key);

    /// <summary>The certificate of this process with its private key.</summary>
    public X509Certificate2? ReadOwn()
    {
        var text = ReadText(CertificateSetting, settings.Certificate);
        var key = settings.Key.Length == 0 ? text : ReadText(KeySetting, settings.Key);
        if (text is null || key is null || !HasKey(key) || ReadAll(CertificateSetting, settings.Certificate, text) is not { } all)
        {
            return null;
        }

        return Fits(all[0]) ? Join(text, key) : null;
    }

    /// <summary>The certificates of the cluster's authorities.</summary>
    public X509Certificate2Collection? ReadAuthority()
    {
        if (ReadText(AuthoritySetting, settings.Authority) is not { } text
            || ReadAll(AuthoritySetting, settings.Authority, text) is not { } all)
        {
            return null;
        }

        var inTime = all.Where(one => IsInTime(AuthoritySetting, settings.Authority, one)).Count();
        return inTime == all.Count ? all : null;
    }

    /// <summary>Adds a fault where the cluster's members would refuse this process's certificate.</summary>
    public void CheckIssuer(X509Certificate2 own, X509Certificate2Collection authority, string purpose, string serverName)
    {
        if (new CertificateTrust(authority, purpose, serverName, time).WhyNot(own) is { } reason)
        {
            faults.Add($"{CertificateSetting}: the certificate of '{settings.Certificate}' is not valid for this cluster ({reason}); "
                + $"expected one that is issued by an authority in '{settings.Authority}', "
                + $"for {(purpose == CertificateTrust.Server ? "servers" : "clients")}.");
        }
    }

    private string? ReadText(string setting, string path)
    {
        if (path.Length == 0)
        {
            faults.Add($"{setting} is empty; expected a PEM file, because {TlsSettings.Section}:Enabled is true.");
            return null;
        }

        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            faults.Add($"{setting}: there is no file '{path}'; expected a PEM file.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            faults.Add($"{setting}: '{path}' cannot be read ({e.Message}); expected a PEM file that this process may read.");
        }

        return null;
    }

    private X509Certificate2Collection? ReadAll(string setting, string path, string text)
    {
        try
        {
            var all = new X509Certificate2Collection();
            all.ImportFromPem(text);
            if (all.Count > 0)
            {
                return all;
            }

            faults.Add($"{setting}: '{path}' holds no certificate; expected a section BEGIN CERTIFICATE.");
        }
        catch (CryptographicException e)
        {
            faults.Add($"{setting}: '{path}' holds a certificate that cannot be read ({e.Message}); expected X.509 in PEM.");
        }

        return null;
    }

    private bool HasKey(string text)
    {
        var (setting, path) = KeyFile;
        if (text.Contains("BEGIN ENCRYPTED PRIVATE KEY", StringComparison.Ordinal))
        {
            faults.Add($"{setting}: the private key in '{path}' is encrypted; expected one without a password.");
            return false;
        }

        if (text.Contains("PRIVATE KEY-----", StringComparison.Ordinal))
        {
            return true;
        }

        faults.Add($"{setting}: '{path}' holds no private key; expected a section BEGIN PRIVATE KEY.");
        return false;
    }

    private bool Fits(X509Certificate2 own) => IsInTime(CertificateSetting, settings.Certificate, own);

    private bool IsInTime(string setting, string path, X509Certificate2 one)
    {
        var now = time.GetUtcNow().UtcDateTime;
        var (from, to) = (one.NotBefore.ToUniversalTime(), one.NotAfter.ToUniversalTime());
        if (now < from)
        {
            faults.Add($"{setting}: '{path}' is valid from {Written(from)} on, and it is {Written(now)}; {ValidNow}");
        }
        else if (now > to)
        {
            faults.Add($"{setting}: '{path}' expired at {Written(to)}, and it is {Written(now)}; {ValidNow}");
        }

        return now >= from && now <= to;
    }

    private X509Certificate2? Join(string text, string key)
    {
        try
        {
            // Through PKCS#12: on Windows TLS does not take a key that is only in memory.
            using var joined = X509Certificate2.CreateFromPem(text, key);
            return X509CertificateLoader.LoadPkcs12(joined.Export(X509ContentType.Pkcs12), null);
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            var (setting, path) = KeyFile;
            faults.Add($"{setting}: the private key in '{path}' is not that of '{settings.Certificate}' ({e.Message}); "
                + "expected the certificate's own key.");
            return null;
        }
    }

    private static string Written(DateTime moment) => moment.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
