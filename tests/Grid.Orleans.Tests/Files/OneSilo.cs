using Grid.Decisions.Plans;
using Microsoft.Extensions.Logging.Abstractions;

namespace Grid.Orleans.Tests;

/// <summary>What of a silo loads and reads files of batch features, with a clock of its own.</summary>
internal sealed record OneSilo(Bundle Bundle, TimeProvider Clock, ClusterFiles Files, FileLoader Loader)
{
    /// <summary>How far ahead of a silo's clock the moments of files lie.</summary>
    public static readonly TimeSpan Ahead = TimeSpan.FromSeconds(4);

    /// <param name="bundle">What it serves.</param>
    /// <param name="clock">Its clock.</param>
    /// <param name="storage">The log.</param>
    /// <param name="between">Runs before and after each step that it takes there; null where nothing does.</param>
    public static OneSilo Create(Bundle bundle, TimeProvider clock, LogStorage storage, Func<Task>? between)
    {
        var shelf = between is null ? storage.Files : new SteppedShelf(storage.Files, between);
        var options = new GridClusterOptions { FilesAhead = Ahead };
        var files = new ClusterFiles(bundle, options, clock, shelf, NullLogger.Instance);
        return new(bundle, clock, files, new(bundle, options, clock, shelf, files, NullLogger.Instance));
    }

    /// <summary>A file of one row, a minute older than the clock.</summary>
    public static BatchFile File(TimeProvider clock) =>
        new("user", ["cuisine"], [new("u", EventTime.FromUnixMilliseconds(clock.Now().UnixMilliseconds - 60_000), ["thai"])]);

    /// <summary>The moment of the file that is seen at one; null where none is.</summary>
    public EventTime? SeenBy(EventTime at)
    {
        var kind = Bundle.Definitions.Kinds[0];
        return Files.Loaded.Of(kind.Features.First(feature => feature.Name == "cuisine"), kind, at)?.Known;
    }
}
