namespace Grid.Postgres;

/// <summary>
/// Somebody else has written the version that a writer wanted to write: there is, or was, another activation of the entity. The row was not
/// written and never will be. Drop the entity's state, read its history again and decide anew.
/// </summary>
internal sealed class LogFencedException : Exception
{
    public LogFencedException(EntityId entity, long version)
        : base($"Version {version} of {entity} was written by another activation, or does not follow what the log holds. "
             + "Drop the entity's state and read its history again.") => (Entity, Version) = (entity, version);

    public EntityId Entity { get; }

    /// <summary>The first version that could not be written.</summary>
    public long Version { get; }
}
