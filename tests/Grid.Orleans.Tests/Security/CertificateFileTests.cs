using System.Security.Cryptography;

using Microsoft.Extensions.Time.Testing;

namespace Grid.Orleans.Tests;

/// <summary>A certificate file that cannot be used is named at the start, with what is wrong with it.</summary>
public sealed class CertificateFileTests : IDisposable
{
    private readonly FakeTimeProvider _time = new(new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));
    private readonly TestAuthority _authority;
    private readonly TlsSettings _settings;

    public CertificateFileTests()
    {
        _authority = new(_time.GetUtcNow());
        var (certificate, key) = _authority.Issue("silo");
        _settings = new() { Enabled = true, Certificate = certificate, Key = key, Authority = _authority.File };
    }

    [Fact]
    public void Good_files_have_no_fault() => Assert.Empty(Faults());

    [Fact]
    public void Key_may_stand_in_the_certificate_file()
    {
        var both = File.ReadAllText(_settings.Certificate) + "\n" + File.ReadAllText(_settings.Key);
        _settings.Certificate = _authority.Write("both.pem", both);
        _settings.Key = "";

        Assert.Empty(Faults());
    }

    [Theory]
    [InlineData(nameof(TlsSettings.Certificate))]
    [InlineData(nameof(TlsSettings.Key))]
    [InlineData(nameof(TlsSettings.Authority))]
    public void Missing_and_unreadable_files_are_named(string setting)
    {
        Set(setting, "/nowhere/at-all.pem");
        Assert.Equal($"Grid:Orleans:Tls:{setting}: there is no file '/nowhere/at-all.pem'; expected a PEM file.", Assert.Single(Faults()));

        Set(setting, Path.GetDirectoryName(_authority.File)!); // A folder cannot be read as a file.
        Assert.StartsWith($"Grid:Orleans:Tls:{setting}: '{Path.GetDirectoryName(_authority.File)}' cannot be read (",
            Assert.Single(Faults()), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(nameof(TlsSettings.Certificate))]
    [InlineData(nameof(TlsSettings.Authority))]
    public void Empty_setting_is_named(string setting)
    {
        Set(setting, "");

        Assert.Equal($"Grid:Orleans:Tls:{setting} is empty; expected a PEM file, because Grid:Orleans:Tls:Enabled is true.",
            Assert.Single(Faults()));
    }

    [Theory]
    [InlineData(nameof(TlsSettings.Certificate))]
    [InlineData(nameof(TlsSettings.Authority))]
    public void File_without_a_certificate_is_named(string setting)
    {
        Set(setting, _authority.Write("text.pem", "no certificate\n"));
        Assert.Contains("text.pem' holds no certificate; expected a section BEGIN CERTIFICATE.", Assert.Single(Faults()),
            StringComparison.Ordinal);

        Set(setting, _authority.Write("broken.pem", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"));
        Assert.Contains("broken.pem' holds a certificate that cannot be read (", Assert.Single(Faults()), StringComparison.Ordinal);
    }

    [Fact]
    public void Missing_encrypted_and_foreign_keys_are_named()
    {
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        _settings.Key = _authority.Write("none.key", "nothing");
        Assert.Equal($"Grid:Orleans:Tls:Key: '{_settings.Key}' holds no private key; expected a section BEGIN PRIVATE KEY.",
            Assert.Single(Faults()));

        var locked = new PbeParameters(PbeEncryptionAlgorithm.Aes128Cbc, HashAlgorithmName.SHA256, 1);
        _settings.Key = _authority.Write("locked.key", other.ExportEncryptedPkcs8PrivateKeyPem("word", locked));
        Assert.Equal($"Grid:Orleans:Tls:Key: the private key in '{_settings.Key}' is encrypted; expected one without a password.",
            Assert.Single(Faults()));

        _settings.Key = _authority.Write("other.key", other.ExportPkcs8PrivateKeyPem());
        Assert.StartsWith($"Grid:Orleans:Tls:Key: the private key in '{_settings.Key}' is not that of '{_settings.Certificate}' (",
            Assert.Single(Faults()), StringComparison.Ordinal);
    }

    [Fact]
    public void Certificate_outside_its_time_is_named_with_both_moments()
    {
        _time.Advance(TimeSpan.FromDays(31));
        Assert.Equal(
            $"Grid:Orleans:Tls:Certificate: '{_settings.Certificate}' expired at 2026-03-31 12:00:00Z, and it is 2026-04-01 12:00:00Z; "
            + "expected a certificate that is valid now.",
            Assert.Single(Faults()));

        (_settings.Certificate, _settings.Key) = _authority.Issue("later", from: 40, to: 50);
        Assert.Contains("is valid from 2026-04-10 12:00:00Z on, and it is 2026-04-01 12:00:00Z", Assert.Single(Faults()),
            StringComparison.Ordinal);
    }

    [Fact]
    public void Expired_authority_is_named()
    {
        _time.Advance(TimeSpan.FromDays(500));
        (_settings.Certificate, _settings.Key) = _authority.Issue("silo", to: 399);

        Assert.Contains(Faults(), fault =>
            fault.StartsWith($"Grid:Orleans:Tls:Authority: '{_authority.File}' expired at ", StringComparison.Ordinal));
    }

    [Fact]
    public void Certificate_of_another_authority_is_named()
    {
        using var other = new TestAuthority(_time.GetUtcNow());
        (_settings.Certificate, _settings.Key) = other.Issue("silo");

        var faults = Faults();

        Assert.All(faults, fault => Assert.Contains("is not valid for this cluster (", fault, StringComparison.Ordinal));
        Assert.All(faults, fault =>
            Assert.Contains($"expected one that is issued by an authority in '{_authority.File}'", fault, StringComparison.Ordinal));
        Assert.Equal(2, faults.Count); // As a server and as a client.
    }

    [Fact]
    public void Silo_certificate_serves_both_purposes_where_authentication_is_mutual()
    {
        (_settings.Certificate, _settings.Key) = _authority.Issue("silo", purposes: CertificateTrust.Server);
        Assert.EndsWith("for clients.", Assert.Single(Faults()), StringComparison.Ordinal);

        _settings.Mutual = false;
        Assert.Empty(Faults());
    }

    [Fact]
    public void Silo_certificate_carries_the_name_that_is_asked_for()
    {
        _settings.ServerName = "silo";
        Assert.Empty(Faults());

        _settings.ServerName = "other";
        Assert.Contains("(it is not for other)", Assert.Single(Faults()), StringComparison.Ordinal);
    }

    [Fact]
    public void Client_needs_a_certificate_only_where_authentication_is_mutual()
    {
        (_settings.Certificate, _settings.Key) = ("", "");
        Assert.Contains("Grid:Orleans:Tls:Certificate is empty", Assert.Single(Faults(client: true)), StringComparison.Ordinal);

        _settings.Mutual = false;
        Assert.Empty(Faults(client: true));
    }

    [Fact]
    public void Files_without_the_switch_are_a_fault()
    {
        _settings.Enabled = false;

        Assert.Equal("Grid:Orleans:Tls:Enabled is false, and files are set; expected true, or no files.", Assert.Single(Faults()));
    }

    public void Dispose() => _authority.Dispose();

    private void Set(string setting, string value) => typeof(TlsSettings).GetProperty(setting)!.SetValue(_settings, value);

    private List<string> Faults(bool client = false)
    {
        var faults = new List<string>();
        ClusterTls.TryRead(_settings, client, _time, faults);
        return faults;
    }
}
