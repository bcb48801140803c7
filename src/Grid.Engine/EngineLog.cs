using Microsoft.Extensions.Logging;

namespace Grid.Engine;

/// <summary>Every log line of the engine. An id, once released, keeps its meaning; runbooks are keyed by it.</summary>
internal static partial class EngineLog
{
    [LoggerMessage(1001, LogLevel.Information, "Opened {Folder} at position {Position}: {Records} records and {Entities} entities beyond the last checkpoint, read in {ElapsedMs} ms")]
    public static partial void Opened(ILogger logger, string folder, long position, long records, int entities, long elapsedMs);

    [LoggerMessage(1002, LogLevel.Warning, "The bundle keeps other state than the snapshots hold: all entities were made anew from the journal, in {ElapsedMs} ms")]
    public static partial void Rebuilt(ILogger logger, long elapsedMs);

    [LoggerMessage(1003, LogLevel.Error, "The grid takes no new work: {Reason}")]
    public static partial void Unavailable(ILogger logger, string reason, Exception failure);

    [LoggerMessage(1004, LogLevel.Information, "The grid takes work again")]
    public static partial void Available(ILogger logger);

    [LoggerMessage(1005, LogLevel.Error, "A turn broke off; memory is dropped and read again from the journal")]
    public static partial void TurnBroke(ILogger logger, Exception failure);

    [LoggerMessage(1006, LogLevel.Warning, "A checkpoint was given up: {Reason}")]
    public static partial void CheckpointFailed(ILogger logger, string reason);

    [LoggerMessage(1007, LogLevel.Warning, "The corrupt end of the journal {File} was cut off; it ends at position {Position} now, and position {Marked} had been acknowledged")]
    public static partial void TailCut(ILogger logger, string file, long position, long marked);

    [LoggerMessage(1009, LogLevel.Warning, "Model {Model} gives other bits to some rows among others than alone: decision {Decision} scores its candidates one by one")]
    public static partial void ScoresOneByOne(ILogger logger, string model, string decision);

    [LoggerMessage(1010, LogLevel.Warning, "{Warning}")]
    public static partial void ModelWarning(ILogger logger, string warning);

    [LoggerMessage(1008, LogLevel.Debug, "Checkpoint: {Residents} entities in memory, {ElapsedMs} ms")]
    public static partial void Checkpointed(ILogger logger, int residents, long elapsedMs);
}
