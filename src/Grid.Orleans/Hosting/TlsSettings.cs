namespace Grid.Orleans;

/// <summary>TLS between silos, and between clients and silos; section <c>Grid:Orleans:Tls</c>. Files are read once, at the start.</summary>
public sealed class TlsSettings
{
    public const string Section = GridClusterOptions.Section + ":Tls";

    /// <summary>Whether connections of the cluster are encrypted. All silos and clients of a cluster agree on it.</summary>
    /// <value>The default is false.</value>
    public bool Enabled { get; set; }

    /// <summary>PEM file of this process's certificate. Needed by silos, and by clients where <see cref="Mutual"/> is true.</summary>
    public string Certificate { get; set; } = "";

    /// <summary>
    /// PEM file of the certificate's private key, without a password; empty where <see cref="Certificate"/> holds it too.
    /// </summary>
    public string Key { get; set; } = "";

    /// <summary>
    /// PEM file of the certificate authorities that certificates of the cluster come from: roots, and intermediates where there are any.
    /// The system's own are not asked.
    /// </summary>
    public string Authority { get; set; } = "";

    /// <summary>
    /// Whether whoever connects, silo or client, presents a certificate of <see cref="Authority"/>. The same in every silo and client.
    /// </summary>
    /// <value>The default is true.</value>
    public bool Mutual { get; set; } = true;

    /// <summary>DNS name that the certificates of silos carry; empty accepts every server certificate of <see cref="Authority"/>.</summary>
    public string ServerName { get; set; } = "";
}
