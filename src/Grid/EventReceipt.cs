namespace Grid;

/// <summary>What became of an event that was told to the grid. The numbers go over the wire: add at the end, change none.</summary>
public enum EventOutcome : byte
{
    /// <summary>Taken in; at durability <c>committed</c> it is on disk.</summary>
    Accepted = 0,

    /// <summary>An event of this type and id was taken in before; nothing changed.</summary>
    Duplicate = 1,

    /// <summary>Not taken in; <see cref="EventReceipt.Fault"/> says why. Nothing changed.</summary>
    Rejected = 2,
}

/// <summary>The answer to one event.</summary>
public sealed record EventReceipt(EventOutcome Outcome, InputFault? Fault = null)
{
    public static readonly EventReceipt Accepted = new(EventOutcome.Accepted);

    public static readonly EventReceipt Duplicate = new(EventOutcome.Duplicate);

    public static EventReceipt Rejected(InputFault fault) => new(EventOutcome.Rejected, fault);
}
