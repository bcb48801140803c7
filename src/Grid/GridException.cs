namespace Grid;

/// <summary>Why the grid did not do what it was asked. The numbers go over the wire: add at the end, change none.</summary>
public enum GridError : byte
{
    None = 0,

    /// <summary>The input is at fault; asking again with the same input will fail again.</summary>
    InvalidInput = 1,

    /// <summary>No decision, event type, kind, feature or model of that name.</summary>
    UnknownName = 2,

    /// <summary>The grid can take no new work now (a full or read-only disk, too many requests waiting); asking again later may do.</summary>
    Unavailable = 3,

    /// <summary>The call was in time but its deadline passed; its effect is unknown and asking again with the same event id is safe.</summary>
    DeadlinePassed = 4,

    /// <summary>
    /// The event id belongs to an earlier event of the same type with another owner or other content; nothing was changed.
    /// </summary>
    IdConflict = 5,
}

/// <summary>Raised by calls of the contract. Nothing was changed by a call that raised one, except after <see cref="GridError.DeadlinePassed"/>.</summary>
public sealed class GridException : Exception
{
    public GridException(GridError error, string message, ValidationError? fault = null, Exception? inner = null)
        : base(message, inner) => (Error, ValidationError) = (error, fault);

    public GridError Error { get; }

    /// <summary>The field at fault, where there is one.</summary>
    public ValidationError? ValidationError { get; }

    /// <summary>True where asking again later, unchanged, may succeed.</summary>
    public bool IsTransient => Error is GridError.Unavailable or GridError.DeadlinePassed;

    public static GridException Invalid(ValidationError fault)
    {
        ArgumentNullException.ThrowIfNull(fault);
        return new(GridError.InvalidInput, fault.ToString(), fault);
    }

    /// <summary>The error of an event id that belongs to an earlier event of the same type with another owner or other content.</summary>
    public static GridException IdConflict(ValidationError fault)
    {
        ArgumentNullException.ThrowIfNull(fault);
        return new(GridError.IdConflict, fault.ToString(), fault);
    }

    public static GridException Unknown(string what, string name, IEnumerable<string> known) =>
        new(GridError.UnknownName, $"There is no {what} '{name}'. Known: {string.Join(", ", known)}.", new ValidationError(what, $"'{name}'", $"one of {string.Join(", ", known)}"));

    /// <summary>What a host says that does not rank.</summary>
    /// <param name="host">The host.</param>
    public static GridException CannotRank(string host)
    {
        var fault = new ValidationError("decision", $"a ranking, which the host {host} does not make", "a host that ranks, such as the embedded one");
        return new(GridError.InvalidInput, fault.ToString(), fault);
    }

    /// <summary>What is said where a decision that ranks is asked without candidates.</summary>
    public static GridException NeedsCandidates(string decision) => Invalid(new(
        "candidates", "nothing", $"a list of candidates: '{decision}' ranks (RankAsync)"));

    /// <summary>What is said where a decision without candidates is asked to rank.</summary>
    public static GridException TakesNoCandidates(string decision) => Invalid(new(
        "candidates", "candidates", $"none: '{decision}' decides on one request (DecideAsync)"));

    public static GridException Unavailable(string message, Exception? inner = null) => new(GridError.Unavailable, message, null, inner);
}
