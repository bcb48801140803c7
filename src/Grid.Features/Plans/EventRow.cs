namespace Grid.Features.Plans;

/// <summary>One event in compiled form: checked, every field in its slot. Rows are filled again and again; a reader keeps no reference to one.</summary>
internal sealed class EventRow
{
    private FieldSlot[] _slots = [];

    /// <summary>The type of the event that the row holds now.</summary>
    public EventPlan Plan { get; private set; } = null!;

    /// <summary>The event's id; of a label, the id of the event that it amends.</summary>
    public string Id { get; private set; } = "";

    /// <summary>A 64-bit hash of <see cref="Id"/>, the same in every process (<see cref="StableHash"/>).</summary>
    public ulong IdHash { get; private set; }

    public EventTime At { get; private set; }

    /// <summary>Whether the time was assigned by the grid because the event was sent without one.</summary>
    public bool IsTimeAssigned { get; private set; }

    /// <summary>The fields, by slot.</summary>
    public ReadOnlySpan<FieldSlot> Slots => _slots.AsSpan(0, Plan.Fields.Count);

    public FieldSlot this[int slot] => _slots[slot];

    /// <summary>Makes the row a fresh one of a type: every slot holds its field's default.</summary>
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

    /// <summary>Sets the time of an event that was sent without one. The row is to be sealed afterwards.</summary>
    public void AssignTime(EventTime at)
    {
        Set(Plan.TimeSlot, FieldSlot.OfBits(at.UnixMilliseconds));
        IsTimeAssigned = true;
    }

    /// <summary>Moves an event that was sent without a time to the time that it was given when it came for the first time.</summary>
    public void TakeTime(EventTime at)
    {
        Set(Plan.TimeSlot, FieldSlot.OfBits(at.UnixMilliseconds));
        IsTimeAssigned = false;
        Seal();
    }

    /// <summary>Called last, when the slots are filled: takes the id and the time from theirs, and computes the fields that are computed.</summary>
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
