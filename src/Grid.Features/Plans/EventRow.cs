namespace Grid.Features.Plans;

/// <summary>A validated event in compiled form, with every field in its slot. Rows are reused: do not keep a reference to one.</summary>
internal sealed class EventRow
{
    private FieldSlot[] _slots = [];

    /// <summary>The type of the current event.</summary>
    public EventPlan Plan { get; private set; } = null!;

    /// <summary>The event's id; for a label, the id of the labelled event.</summary>
    public string Id { get; private set; } = "";

    /// <summary>A 64-bit hash of <see cref="Id"/>, identical in every process (<see cref="StableHash"/>).</summary>
    public ulong IdHash { get; private set; }

    public EventTime At { get; private set; }

    /// <summary>Whether the grid assigned the event time because the caller sent none.</summary>
    public bool IsTimeAssigned { get; private set; }

    /// <summary>The fields, by slot.</summary>
    public ReadOnlySpan<FieldSlot> Slots => _slots.AsSpan(0, Plan.Fields.Count);

    public FieldSlot this[int slot] => _slots[slot];

    /// <summary>Clears the row for an event type: every slot is set to its field's default.</summary>
    public void Reset(EventPlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        var fields = plan.Fields;
        if (_slots.Length < fields.Count)
        {
            _slots = new FieldSlot[fields.Count];
        }

        for (var i = 0; i < fields.Count; i++)
        {
            _slots[i] = fields[i].Default;
        }

        (Plan, Id, IdHash, At, IsTimeAssigned) = (plan, "", 0, default, false);
    }

    public void Set(int slot, FieldSlot value) => _slots[slot] = value;

    /// <summary>Sets the time of an event sent without one. Call <see cref="Seal"/> afterwards.</summary>
    public void AssignTime(EventTime at)
    {
        Set(Plan.TimeSlot, FieldSlot.OfBits(at.UnixMilliseconds));
        IsTimeAssigned = true;
    }

    /// <summary>Sets the time of an event sent without one to the time assigned when it was first ingested.</summary>
    public void TakeTime(EventTime at)
    {
        Set(Plan.TimeSlot, FieldSlot.OfBits(at.UnixMilliseconds));
        IsTimeAssigned = false;
        Seal();
    }

    /// <summary>Completes the row after its slots are set: reads id and time, and computes the computed fields.</summary>
    public void Seal()
    {
        Id = _slots[Plan.IdSlot].Text ?? "";
        IdHash = StableHash.Of(Id);
        At = Plan.TimeSlot < 0 ? default : EventTime.FromTrusted(_slots[Plan.TimeSlot].Bits);
        foreach (var slot in Plan.Computed)
        {
            var field = Plan.Fields[slot];
            _slots[slot] = FieldSlot.Computed(field.Expression!.Evaluate(this, []), field);
        }
    }
}
