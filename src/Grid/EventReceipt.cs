namespace Grid;

/// <summary>What became of an event that was told to the grid. The numbers go over the wire: add at the end, change none.</summary>
public enum EventOutcome : byte
{
    /// <summary>Taken in; at durability <c>committed</c> it is on disk.</summary>
    Accepted = 0,

    /// <summary>The same event, of this type and id and with the same content, was taken in before; nothing changed.</summary>
    Duplicate = 1,

    /// <summary>Not taken in; <see cref="EventReceipt.Error"/> and <see cref="EventReceipt.ValidationError"/> say why. Nothing changed.</summary>
    Rejected = 2,
}

/// <summary>The answer to one event.</summary>
/// <param name="Outcome">What became of it.</param>
/// <param name="ValidationError">Of a rejected event: the field, what was found, and what is expected.</param>
/// <param name="Error">
/// Of a rejected event: <see cref="GridError.InvalidInput"/>, or <see cref="GridError.IdConflict"/> where its id belongs to an earlier
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
