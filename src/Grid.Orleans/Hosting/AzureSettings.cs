namespace Grid.Orleans;

/// <summary>
/// The Azure Storage account of a cluster; section <c>Grid:Orleans:Azure</c>. Either a connection string, or service URIs and a managed
/// identity.
/// </summary>
public sealed class AzureSettings
{
    public const string Section = GridClusterOptions.Section + ":Azure";

    /// <summary>
    /// Connection string of the storage account. Empty where <see cref="BlobServiceUri"/> and <see cref="TableServiceUri"/> are set.
    /// </summary>
    public string ConnectionString { get; set; } = "";

    /// <summary>
    /// Address of the account's blob service, such as <c>https://ACCOUNT.blob.core.windows.net</c>. Needed by storage <c>azure</c> without
    /// a connection string.
    /// </summary>
    public string BlobServiceUri { get; set; } = "";

    /// <summary>
    /// Address of the account's table service, such as <c>https://ACCOUNT.table.core.windows.net</c>. Needed by clustering <c>azure</c>
    /// without a connection string.
    /// </summary>
    public string TableServiceUri { get; set; } = "";

    /// <summary>
    /// Client id of a user-assigned managed identity; empty takes the identity that the environment offers (<c>DefaultAzureCredential</c>).
    /// </summary>
    public string ManagedIdentityClientId { get; set; } = "";

    /// <summary>Blob container of grain state. Created where it is missing.</summary>
    /// <value>The default is <c>grid</c>.</value>
    public string Container { get; set; } = "grid";

    /// <summary>Table of the cluster's members. Created where it is missing; several clusters may share it.</summary>
    /// <value>The default is <c>GridSilos</c>.</value>
    public string Table { get; set; } = "GridSilos";
}
