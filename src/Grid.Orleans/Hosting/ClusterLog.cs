using Microsoft.Extensions.Logging;

namespace Grid.Orleans;

/// <summary>Every log line of the Orleans host. An id, once released, keeps its meaning; runbooks are keyed by it.</summary>
internal static partial class ClusterLog
{
    [LoggerMessage(4001, LogLevel.Warning, "{Entity} is dropped from memory and read again: {Reason}")]
    public static partial void Dropped(ILogger logger, EntityId entity, string reason);

    [LoggerMessage(4002, LogLevel.Warning, "{Told} was not told of version {Version} of {Source} and will be told again: {Reason}")]
    public static partial void TellFailed(ILogger logger, string told, long version, EntityId source, string reason);

    [LoggerMessage(4003, LogLevel.Information, "The sweeper had {Entities} entities look into their inboxes")]
    public static partial void Swept(ILogger logger, int entities);

    [LoggerMessage(4004, LogLevel.Warning, "The sweeper could not work: {Reason}")]
    public static partial void SweepFailed(ILogger logger, string reason);

    [LoggerMessage(4005, LogLevel.Information, "{Entity} is made anew from all its rows: its snapshot was written under other definitions")]
    public static partial void Rebuilt(ILogger logger, EntityId entity);

    [LoggerMessage(4006, LogLevel.Warning, "Model grain {Model} did not answer, and the decision's fallback is taken: {Reason}")]
    public static partial void ModelFailed(ILogger logger, string model, string reason);

    [LoggerMessage(4007, LogLevel.Warning, "This silo could not look for files of batch features, and refuses readings that may depend on it: {Reason}")]
    public static partial void LookFailed(ILogger logger, string reason);

    [LoggerMessage(4008, LogLevel.Warning, "Files of batch features that are kept no more could not be deleted; whoever loads the next tries again: {Reason}")]
    public static partial void FilesNotTidied(ILogger logger, string reason);

    [LoggerMessage(4009, LogLevel.Error, "A file of batch features of {Kind} that is seen from {Known} on was found too late: the silos' clocks, or their settings FilesAhead, differ")]
    public static partial void FileLate(ILogger logger, string kind, EventTime known);

    [LoggerMessage(4010, LogLevel.Warning, "{Warning}")]
    public static partial void ModelWarning(ILogger logger, string warning);
}
