using Grid.Features.Expressions;

namespace Grid.Features.Plans;

/// <summary>
/// A compiled event type. Its rows have one slot per field in <see cref="Fields"/>: first the fields that callers send, then those set by
/// labels (<see cref="FieldPlan.IsLabel"/>), those measured from an earlier event (<see cref="FieldPlan.Since"/>), and those computed from
/// the sent fields (<see cref="FieldPlan.Expression"/>).
/// </summary>
internal sealed class EventPlan
{
    /// <summary>Index in <see cref="DefinitionPlan.Events"/>.</summary>
    public required int Ordinal { get; init; }

    public required string Name { get; init; }

    public required IReadOnlyList<FieldPlan> Fields { get; init; }

    /// <summary>Slot of the event's id, a string field. For a label: the slot with the id of the labelled event.</summary>
    public required int IdSlot { get; init; }

    /// <summary>Slot of the event time. For a label: the time it became known. -1 for a candidate, which has no time of its own.</summary>
    public required int TimeSlot { get; init; }

    /// <summary>The owner and recipients of the event; empty for a label, which is delivered to those of its target event.</summary>
    public required IReadOnlyList<KeyPlan> Keys { get; init; }

    /// <summary>For a label: its target; null for other events.</summary>
    public LabelPlan? Label { get; init; }

    /// <summary>The number of <see cref="Fields"/> that callers send.</summary>
    public int SentFields => Fields.Count(sent => sent.IsSent);

    /// <summary>Slots of the computed fields.</summary>
    internal int[] Computed => field ??= [.. Enumerable.Range(0, Fields.Count).Where(slot => Fields[slot].Expression is not null)];
}

/// <summary>One field of an event type; its index in <see cref="EventPlan.Fields"/> is its slot.</summary>
internal sealed class FieldPlan
{
    public required string Name { get; init; }

    public required FieldType Type { get; init; }

    /// <summary>Decimal places of a <see cref="FieldType.Decimal"/>; 0 for other types.</summary>
    public int Scale { get; init; }

    /// <summary>Whether events without the field are rejected.</summary>
    public bool Required { get; init; } = true;

    /// <summary>Minimum value (inclusive), in the field's unit; null for no bound.</summary>
    public decimal? Min { get; init; }

    /// <summary>Maximum value (inclusive), in the field's unit; null for no bound.</summary>
    public decimal? Max { get; init; }

    /// <summary>Whether a later label sets the field.</summary>
    public bool IsLabel { get; init; }

    /// <summary>For a field measured from an earlier event: how; null for other fields.</summary>
    public SincePlan? Since { get; init; }

    /// <summary>Whether callers send it.</summary>
    public bool IsSent => !IsLabel && Since is null && Expression is null;

    /// <summary>For a field computed from sent fields on ingest: its expression; null for other fields.</summary>
    public CompiledExpression? Expression { get; init; }

    /// <summary>The value if the field was not sent, or until a label sets it; a missing slot if no default is declared.</summary>
    public FieldSlot Default { get; init; }
}

/// <summary>An entity that receives an event: the kind, and the slot of its key.</summary>
/// <param name="Kind">Index into <see cref="DefinitionPlan.Kinds"/>.</param>
/// <param name="KeySlot">The slot of a string field.</param>
internal sealed record KeyPlan(int Kind, int KeySlot);

/// <summary>The target of a label.</summary>
/// <param name="Target">Index of the labelled event type in <see cref="DefinitionPlan.Events"/>.</param>
/// <param name="Slots">Pairs of slots: source in the label's row, destination in the target's row.</param>
internal sealed record LabelPlan(int Target, IReadOnlyList<(int From, int To)> Slots);

/// <summary>A field that contains the seconds, with three decimal places, from an earlier event to its own.</summary>
/// <param name="Start">
/// Index of the earlier event type in <see cref="DefinitionPlan.Events"/>; the latest such event at or before this one counts.
/// </param>
/// <param name="StartSlot">Slot of the earlier event's matching field: a string.</param>
/// <param name="Slot">Slot of this event's matching field.</param>
/// <param name="WithinMilliseconds">
/// The earlier event must be less than this many milliseconds older; otherwise the field is missing.
/// </param>
internal sealed record SincePlan(int Start, int StartSlot, int Slot, long WithinMilliseconds);
