namespace Grid;

/// <summary>How the ingest of an event ended. The numbers go over the wire: add at the end, change none.</summary>
public enum EventOutcome : byte
{
    /// <summary>Ingested; at durability <c>committed</c> it is on disk.</summary>
    Accepted = 0,

    /// <summary>The same event, with this type, id and content, was ingested before; nothing changed.</summary>
    Duplicate = 1,

    /// <summary>
    /// Not ingested: see <see cref="EventReceipt.Error"/> and <see cref="EventReceipt.ValidationError"/>. Nothing changed.
    /// </summary>
    Rejected = 2,
}

/// <summary>The result of ingesting one event.</summary>
/// <param name="Outcome">How the ingest ended.</param>
/// <param name="ValidationError">For a rejected event: the field, what was found and what is expected; null otherwise.</param>
/// <param name="Error">
/// For a rejected event: <see cref="GridError.InvalidInput"/>, or <see cref="GridError.IdConflict"/> if its id belongs to an earlier
/// event with another owner or other content; <see cref="GridError.None"/> otherwise.
/// </param>
public sealed record EventReceipt(EventOutcome Outcome, ValidationError? ValidationError = null, GridError Error = GridError.None)
{
    public static readonly EventReceipt Accepted = new(EventOutcome.Accepted);

    public static readonly EventReceipt Duplicate = new(EventOutcome.Duplicate);

    public static EventReceipt Rejected(ValidationError fault) => new(EventOutcome.Rejected, fault, GridError.InvalidInput);

    /// <summary>The receipt of an event whose id belongs to an earlier event of its type with another owner or other content.</summary>
    public static EventReceipt Conflict(ValidationError fault) => new(EventOutcome.Rejected, fault, GridError.IdConflict);
}
