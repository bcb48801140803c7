using Microsoft.Extensions.Logging;

namespace Grid.Orleans;

/// <summary>Every log line of the Orleans host. An id, once released, keeps its meaning; runbooks are keyed by it.</summary>
internal static partial class ClusterLog
{
    [LoggerMessage(3001, LogLevel.Warning, "{Entity} is dropped from memory and read again: {Reason}")]
    public static partial void Dropped(ILogger logger, EntityId entity, string reason);

    [LoggerMessage(3002, LogLevel.Warning, "{Told} was not told of version {Version} of {Source} and will be told again: {Reason}")]
    public static partial void TellFailed(ILogger logger, string told, long version, EntityId source, string reason);

    [LoggerMessage(3003, LogLevel.Information, "The sweeper had {Entities} entities look into their inboxes")]
    public static partial void Swept(ILogger logger, int entities);

    [LoggerMessage(3004, LogLevel.Warning, "The sweeper could not work: {Reason}")]
    public static partial void SweepFailed(ILogger logger, string reason);

    [LoggerMessage(3005, LogLevel.Information, "{Entity} is made anew from all its rows: its snapshot was written under other definitions")]
    public static partial void Rebuilt(ILogger logger, EntityId entity);

    [LoggerMessage(3006, LogLevel.Warning, "Model grain {Model} did not answer, and the decision's fallback is taken: {Reason}")]
    public static partial void ModelFailed(ILogger logger, string model, string reason);
}
