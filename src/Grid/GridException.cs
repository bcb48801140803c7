namespace Grid;

/// <summary>The reason why a call failed. The numbers go over the wire: add at the end, change none.</summary>
public enum GridError : byte
{
    None = 0,

    /// <summary>The input is invalid; a retry with the same input fails again.</summary>
    InvalidInput = 1,

    /// <summary>There is no decision, event type, kind, feature or model of that name.</summary>
    UnknownName = 2,

    /// <summary>The grid accepts no new work now (the disk is full or read-only, or too many requests are waiting); retry later.</summary>
    Unavailable = 3,

    /// <summary>The deadline passed after the call was accepted. Its effect is unknown; a retry with the same event id is safe.</summary>
    DeadlinePassed = 4,

    /// <summary>The event id belongs to an earlier event of the same type with another owner or other content; nothing changed.</summary>
    IdConflict = 5,
}

/// <summary>Thrown by every call that fails. The call changed nothing, except after <see cref="GridError.DeadlinePassed"/>.</summary>
public sealed class GridException : Exception
{
    public GridException(GridError error, string message, ValidationError? fault = null, Exception? inner = null)
        : base(message, inner) => (Error, ValidationError) = (error, fault);

    public GridError Error { get; }

    /// <summary>The validation error; null if the error does not concern a field.</summary>
    public ValidationError? ValidationError { get; }

    /// <summary>True if a later retry with the same input may succeed.</summary>
    public bool IsTransient => Error is GridError.Unavailable or GridError.DeadlinePassed;

    public static GridException Invalid(ValidationError fault)
    {
        ArgumentNullException.ThrowIfNull(fault);
        return new(GridError.InvalidInput, fault.ToString(), fault);
    }

    /// <summary>The event id belongs to an earlier event of the same type with another owner or other content.</summary>
    public static GridException IdConflict(ValidationError fault)
    {
        ArgumentNullException.ThrowIfNull(fault);
        return new(GridError.IdConflict, fault.ToString(), fault);
    }

    public static GridException Unknown(string what, string name, IEnumerable<string> known) =>
        new(GridError.UnknownName, $"There is no {what} '{name}'. Known: {string.Join(", ", known)}.", new ValidationError(what, $"'{name}'", $"one of {string.Join(", ", known)}"));

    /// <summary>The host does not support rankings.</summary>
    /// <param name="host">The name of the host.</param>
    public static GridException CannotRank(string host)
    {
        var fault = new ValidationError("decision", $"a ranking, which the host {host} does not make", "a host that ranks, such as the embedded one");
        return new(GridError.InvalidInput, fault.ToString(), fault);
    }

    /// <summary>A decision that ranks was called without candidates.</summary>
    public static GridException NeedsCandidates(string decision) => Invalid(new(
        "candidates", "nothing", $"a list of candidates: '{decision}' ranks (RankAsync)"));

    /// <summary>A decision without candidates was called with candidates.</summary>
    public static GridException TakesNoCandidates(string decision) => Invalid(new(
        "candidates", "candidates", $"none: '{decision}' decides on one request (DecideAsync)"));

    public static GridException Unavailable(string message, Exception? inner = null) => new(GridError.Unavailable, message, null, inner);
}
