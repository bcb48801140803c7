using Grid.Features.Expressions;

namespace Grid.Features.Plans;

/// <summary>
/// An event type, compiled. A row of it has one slot per field in <see cref="Fields"/>: first the fields that callers send, then the fields
/// that labels fill in later (<see cref="FieldPlan.IsLabel"/>) those that are measured from an earlier event
/// (<see cref="FieldPlan.Since"/>), and those that are computed from the ones sent (<see cref="FieldPlan.Expression"/>).
/// </summary>
internal sealed class EventPlan
{
    /// <summary>Place in <see cref="DefinitionPlan.Events"/>.</summary>
    public required int Ordinal { get; init; }

    public required string Name { get; init; }

    public required IReadOnlyList<FieldPlan> Fields { get; init; }

    /// <summary>Slot of the event's id: a string field. Of a label: the slot that holds the id of the event it amends.</summary>
    public required int IdSlot { get; init; }

    /// <summary>Slot of the event's time. Of a label: when it became known. -1 of a candidate, which has no time of its own.</summary>
    public required int TimeSlot { get; init; }

    /// <summary>The entities that hear of the event; empty for a label, which is heard by those that its target told.</summary>
    public required IReadOnlyList<KeyPlan> Keys { get; init; }

    /// <summary>For a label: what it amends; null for a plain event.</summary>
    public LabelPlan? Label { get; init; }

    /// <summary>How many of <see cref="Fields"/> callers send.</summary>
    public int SentFields => Fields.Count(sent => sent.IsSent);

    /// <summary>Slots of the fields that are computed.</summary>
    internal int[] Computed => field ??= [.. Enumerable.Range(0, Fields.Count).Where(slot => Fields[slot].Expression is not null)];
}

/// <summary>One field of an event type: the slot of its place in <see cref="EventPlan.Fields"/>.</summary>
internal sealed class FieldPlan
{
    public required string Name { get; init; }

    public required FieldType Type { get; init; }

    /// <summary>Decimal places of a <see cref="FieldType.Decimal"/>; 0 of every other type.</summary>
    public int Scale { get; init; }

    /// <summary>Whether an event without it is refused.</summary>
    public bool Required { get; init; } = true;

    /// <summary>Smallest value that is taken (inclusive), in the field's own unit; null where there is no bound.</summary>
    public decimal? Min { get; init; }

    /// <summary>Largest value that is taken (inclusive).</summary>
    public decimal? Max { get; init; }

    /// <summary>Whether a later label fills it in.</summary>
    public bool IsLabel { get; init; }

    /// <summary>For a field that is measured: from what. Null of all others.</summary>
    public SincePlan? Since { get; init; }

    /// <summary>Whether callers send it.</summary>
    public bool IsSent => !IsLabel && Since is null && Expression is null;

    /// <summary>For a field that is computed when the event comes in: from the fields that were sent. Null of all others.</summary>
    public CompiledExpression? Expression { get; init; }

    /// <summary>What it reads as where it was not sent, or of a label field until its label is known; a missing slot where nothing was declared.</summary>
    public FieldSlot Default { get; init; }
}

/// <summary>That an event type is heard by the entity of a kind whose key is in a slot.</summary>
/// <param name="Kind">Place in <see cref="DefinitionPlan.Kinds"/>.</param>
/// <param name="KeySlot">The slot of a string field.</param>
internal sealed record KeyPlan(int Kind, int KeySlot);

/// <summary>What a label amends.</summary>
/// <param name="Target">Place in <see cref="DefinitionPlan.Events"/> of the amended type.</param>
/// <param name="Slots">Pairs of slots: what is read from the label's row, and where it goes in the target's.</param>
internal sealed record LabelPlan(int Target, IReadOnlyList<(int From, int To)> Slots);

/// <summary>That a field says how many seconds, with three decimal places, its event happened after an earlier one.</summary>
/// <param name="Start">Place in <see cref="DefinitionPlan.Events"/> of the earlier event: the latest that happened at or before this one.</param>
/// <param name="StartSlot">Slot of the earlier event that both are matched by: a string.</param>
/// <param name="Slot">The slot of this event that both are matched by.</param>
/// <param name="WithinMilliseconds">The earlier event happened less than so long before this one; otherwise the field is missing.</param>
internal sealed record SincePlan(int Start, int StartSlot, int Slot, long WithinMilliseconds);
