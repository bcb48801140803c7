namespace Grid.Features.Definitions;

/// <summary>A column while features gather on it; features of the same field and filter share one.</summary>
internal sealed class ColumnDraft(int ordinal, int slot, FieldPlan? field, CompiledExpression? where)
{
    private bool _summed;
    private bool _squared;
    private bool _ranged;

    public int Ordinal => ordinal;

    /// <summary>Whether the field's hashes are kept, not its values.</summary>
    public bool IsHash { get; init; }

    /// <summary>For a field that is measured: from what.</summary>
    public SinceColumn? Since { get; init; }

    public bool Is(int otherSlot, CompiledExpression? otherWhere, bool isHash) =>
        slot == otherSlot && where?.Text == otherWhere?.Text && IsHash == isHash;

    public void Serve(AggregationShape shape)
    {
        _summed |= shape.Summed;
        _squared |= shape.Squared;
        _ranged |= shape.Ranged;
    }

    public ColumnPlan Plan() => new()
    {
        Ordinal = ordinal,
        Slot = slot,
        Storage = field?.Type switch
        {
            FieldType.String => IsHash ? ColumnStorage.Hash : ColumnStorage.Text,
            FieldType.Number => ColumnStorage.Number,
            _ => ColumnStorage.Fixed,
        },
        Where = where,
        Scale = field?.Scale ?? 0,
        Since = Since,
        IsLabel = field?.IsLabel ?? false,
        Summed = _summed,
        Squared = _squared,
        Ranged = _ranged,
    };
}
