using System.ComponentModel.DataAnnotations;

using Microsoft.Extensions.Options;

namespace Grid.Orleans;

/// <summary>How silos find each other.</summary>
public enum ClusteringKind : byte
{
    /// <summary>On one machine, the first silo telling the others where it is. For development.</summary>
    Localhost = 0,

    /// <summary>Through tables on PostgreSQL.</summary>
    AdoNet = 1,

    /// <summary>Through a table of an Azure Storage account.</summary>
    Azure = 2,
}

/// <summary>Where entities are kept.</summary>
public enum StorageKind : byte
{
    /// <summary>In the event log on PostgreSQL: a row per turn, written by group commit.</summary>
    Log = 0,

    /// <summary>In the memory of the cluster: gone with it. For tests and development.</summary>
    Memory = 1,

    /// <summary>As grain state through Orleans' ADO.NET provider, on PostgreSQL.</summary>
    AdoNet = 2,

    /// <summary>As grain state in blobs of an Azure Storage account.</summary>
    Azure = 3,
}

/// <summary>Settings of a silo or a client of the cluster; section <c>Grid:Orleans</c>.</summary>
public sealed class GridClusterOptions
{
    public const string Section = "Grid:Orleans";

    /// <summary>The cluster's name: silos and clients of one name find each other.</summary>
    /// <value>The default is <c>grid</c>.</value>
    [Required]
    public string ClusterId { get; set; } = "grid";

    /// <summary>The name under which state is kept. Keep it for ever.</summary>
    /// <value>The default is <c>grid</c>.</value>
    [Required]
    public string ServiceId { get; set; } = "grid";

    /// <summary>This silo's name; empty makes one up.</summary>
    public string SiloName { get; set; } = "";

    /// <summary>The address that other silos reach this one at; empty is 127.0.0.1. The environment's <c>POD_IP</c> comes first.</summary>
    public string AdvertisedIP { get; set; } = "";

    /// <summary>The port for other silos.</summary>
    /// <value>The default is 11111.</value>
    [Range(1, 65_535)]
    public int SiloPort { get; set; } = 11_111;

    /// <summary>The port for clients of the cluster.</summary>
    /// <value>The default is 30000.</value>
    [Range(1, 65_535)]
    public int GatewayPort { get; set; } = 30_000;

    /// <summary>With <see cref="ClusteringKind.Localhost"/>: the first silo's <see cref="SiloPort"/>; 0 where this is the first.</summary>
    [Range(0, 65_535)]
    public int PrimarySiloPort { get; set; }

    /// <summary>How silos find each other.</summary>
    /// <value>The default is <see cref="ClusteringKind.Localhost"/>.</value>
    public ClusteringKind Clustering { get; set; }

    /// <summary>Where entities are kept.</summary>
    /// <value>The default is <see cref="StorageKind.Log"/>.</value>
    public StorageKind Storage { get; set; }

    /// <summary>The PostgreSQL server, as Npgsql reads it. Needed by <c>adonet</c> clustering, and by <c>log</c> and <c>adonet</c> storage.</summary>
    public string ConnectionString { get; set; } = "";

    /// <summary>The Azure Storage account. Needed by clustering <c>azure</c> and storage <c>azure</c>.</summary>
    public AzureSettings Azure { get; } = new();

    /// <summary>TLS between silos, and between clients and silos.</summary>
    public TlsSettings Tls { get; } = new();

    /// <summary>
    /// Whether silos measure for the Orleans dashboard, and whether this process serves it, to callers with an admin key only. It costs a
    /// little in each call.
    /// </summary>
    /// <value>The default is false.</value>
    public bool Dashboard { get; set; }

    /// <summary>Models that are scored by a model grain and not in the silo itself, by their names in the bundle.</summary>
    public IList<string> ModelGrains { get; } = [];

    /// <summary>Whether live entities move to silos that join. It uses a part of Orleans that is marked experimental.</summary>
    /// <value>The default is true.</value>
    public bool Rebalance { get; set; } = true;

    /// <summary>How many parts the state of a silo is spread over; an entity's turn holds up only those of its part.</summary>
    /// <value>The default is eight times the number of processors, at least 16.</value>
    [Range(1, 4096)]
    public int Stripes { get; set; } = Math.Max(16, 8 * Environment.ProcessorCount);

    /// <summary>How many flushes of the log may be under way at a time.</summary>
    /// <value>The default is 2.</value>
    [Range(1, 16)]
    public int LogLanes { get; set; } = 2;

    /// <summary>After how many rows of an entity its snapshot is written; after more where the snapshot is large.</summary>
    /// <value>The default is 64.</value>
    [Range(1, 1_000_000)]
    public int SnapshotEvery { get; set; } = 64;

    /// <summary>How far ahead of the clock an event's time may be; a later one is refused.</summary>
    /// <value>The default is one day.</value>
    [Range(typeof(TimeSpan), "00:00:00", "365.00:00:00")]
    public TimeSpan MaxFuture { get; set; } = TimeSpan.FromDays(1);

    /// <summary>How long rows are kept once a snapshot includes them. Never shorter than the bundle's windows reach.</summary>
    /// <value>The default is 90 days.</value>
    [Range(typeof(TimeSpan), "00:00:01", "36500.00:00:00")]
    public TimeSpan Retention { get; set; } = TimeSpan.FromDays(90);

    /// <summary>How long a silo that stops has for moving its entities and ending its calls.</summary>
    /// <value>The default is 20 seconds.</value>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan Drain { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>
    /// How long silos and clients of the cluster wait for an answer of a silo. How soon a silent silo is declared dead follows from it: a
    /// probe may take a quarter of it, and two that fail are enough. A silo that stands still for longer ends itself: raise it where
    /// processors are slow or shared.
    /// </summary>
    /// <value>The default is two seconds.</value>
    [Range(typeof(TimeSpan), "00:00:00.500", "00:10:00")]
    public TimeSpan ResponseTimeout { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>How long after a row was written a sweeper has those hear of it whom its owner did not reach. What entities have heard they write down in half that time.</summary>
    /// <value>The default is five seconds.</value>
    [Range(typeof(TimeSpan), "00:00:00.100", "01:00:00")]
    public TimeSpan TellAgainAfter { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// How far ahead of the clock a file of batch features is seen. A silo that has not looked for half that time looks before it answers. The same in every silo, and at least
    /// four times <see cref="FilesLookEvery"/>; the silos' clocks must not differ by more than a quarter of it.
    /// </summary>
    /// <value>The default is five seconds.</value>
    [Range(typeof(TimeSpan), "00:00:00.100", "01:00:00")]
    public TimeSpan FilesAhead { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How often a silo looks for files of batch features, where its bundle has such features.</summary>
    /// <value>The default is one second.</value>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:10:00")]
    public TimeSpan FilesLookEvery { get; set; } = TimeSpan.FromSeconds(1);
}

[OptionsValidator]
internal sealed partial class GridClusterOptionsValidator : IValidateOptions<GridClusterOptions>;
