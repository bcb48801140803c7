using System.ComponentModel.DataAnnotations;

using Microsoft.Extensions.Options;

namespace Grid.Engine;

/// <summary>When a caller is answered.</summary>
public enum Durability : byte
{
    /// <summary>Once what was accepted is on disk. What was acknowledged survives a crash of the process or the machine.</summary>
    Committed = 0,

    /// <summary>At the end of the turn. A crash may lose what was acknowledged since the last <see cref="EngineOptions.FlushEvery"/>.</summary>
    Received = 1,
}

/// <summary>Settings of the embedded engine, read once at start; section <c>Grid:Engine</c>.</summary>
public sealed class EngineOptions
{
    public const string Section = "Grid:Engine";

    /// <summary>The data folder: journal and snapshots. It is made where it does not exist. One process uses it at a time.</summary>
    /// <value>The default is <c>./data</c>.</value>
    [Required]
    public string Folder { get; set; } = "./data";

    /// <summary>How many shards the entities are spread over. Not written anywhere: it may change between starts.</summary>
    /// <value>The default is twice the number of processors, at least 4. Each shard has its own memory and its own scorers: more of them only cool the caches.</value>
    [Range(1, 1024)]
    public int Shards { get; set; } = Math.Max(4, 2 * Environment.ProcessorCount);

    /// <summary>When callers are answered.</summary>
    /// <value>The default is <see cref="Durability.Committed"/>.</value>
    public Durability Durability { get; set; } = Durability.Committed;

    /// <summary>How long something accepted may stay unwritten where nobody waits for it (<see cref="Durability.Received"/>).</summary>
    /// <value>The default is 10 milliseconds.</value>
    [Range(typeof(TimeSpan), "00:00:00.001", "00:01:00")]
    public TimeSpan FlushEvery { get; set; } = TimeSpan.FromMilliseconds(10);

    /// <summary>How far ahead of the clock an event's time may be; a later one is refused.</summary>
    /// <value>The default is one day.</value>
    [Range(typeof(TimeSpan), "00:00:00", "365.00:00:00")]
    public TimeSpan MaxFuture { get; set; } = TimeSpan.FromDays(1);

    /// <summary>How many calls may be under way; one more is refused at once as unavailable.</summary>
    /// <value>The default is 16,384.</value>
    [Range(1, 1 << 24)]
    public int MaxWaiting { get; set; } = 16_384;

    /// <summary>The most decisions of a shard that are scored in one run of the model. A lone decision never waits for company.</summary>
    /// <value>The default is 64.</value>
    [Range(1, 1024)]
    public int MaxBatchRows { get; set; } = 64;

    /// <summary>How many local copies of other entities' features are kept, for decisions that accept them (<c>max_age</c>, <c>deadline</c>).</summary>
    /// <value>The default is 65,536; rounded up to a power of two.</value>
    [Range(2, 1 << 24)]
    public int MaxCopies { get; set; } = 65_536;

    /// <summary>How long an entity is kept in memory after it was last touched.</summary>
    /// <value>The default is 30 minutes.</value>
    [Range(typeof(TimeSpan), "00:00:01", "365.00:00:00")]
    public TimeSpan IdleAfter { get; set; } = TimeSpan.FromMinutes(30);

    /// <summary>How many entities are kept in memory; above it the longest idle ones are put away first.</summary>
    /// <value>The default is 4,000,000.</value>
    [Range(1, int.MaxValue)]
    public int MaxResidentEntities { get; set; } = 4_000_000;

    /// <summary>
    /// How long after the end of one checkpoint the next begins. A checkpoint writes changed entities as snapshots, so that a start has little to read;
    /// it takes a fifth of the engine's time at most, and is the longer the more has changed (docs/formats/journal.md).
    /// </summary>
    /// <value>The default is 30 seconds.</value>
    [Range(typeof(TimeSpan), "00:00:00.010", "1.00:00:00")]
    public TimeSpan CheckpointEvery { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long journal records are kept, by event time, counted back from the newest event. Never shorter than the bundle's windows reach.</summary>
    /// <value>The default is 90 days.</value>
    [Range(typeof(TimeSpan), "00:00:01", "36500.00:00:00")]
    public TimeSpan Retention { get; set; } = TimeSpan.FromDays(90);

    /// <summary>How long after a failed write the next one is tried.</summary>
    /// <value>The default is one second.</value>
    [Range(typeof(TimeSpan), "00:00:00.001", "01:00:00")]
    public TimeSpan RetryAfter { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Whether a journal whose end is corrupt is opened without that end. The corrupt batches are kept aside in the table <c>cut</c>; what was
    /// acknowledged in them is lost.
    /// </summary>
    /// <value>The default is false: the grid refuses to start and says where the journal is corrupt.</value>
    public bool CutCorruptTail { get; set; }

    /// <summary>For tests: the database is full at so many pages. 0 is no bound.</summary>
    internal int MaxPages { get; set; }
}

[OptionsValidator]
internal sealed partial class EngineOptionsValidator : IValidateOptions<EngineOptions>;
