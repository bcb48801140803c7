namespace Grid.Postgres;

/// <summary>The log could not take what it was given. Asking again later may do, after the entity's history was read again.</summary>
internal sealed class LogUnavailableException : Exception
{
    public LogUnavailableException(string message, bool outcomeUnknown, Exception? inner = null)
        : base(message, inner) => OutcomeUnknown = outcomeUnknown;

    /// <summary>
    /// True where the row may be on disk all the same (the connection was lost during the commit): only reading the entity's history tells. False
    /// where it was not written for certain.
    /// </summary>
    public bool OutcomeUnknown { get; }
}
