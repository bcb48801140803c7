using Grid.Features.Expressions;
using Grid.Features.Plans;

namespace Grid.Features.Definitions.Kinds;

/// <summary>A column while its features are read; features with the same field and filter share a column.</summary>
internal sealed class ColumnDraft(int ordinal, int slot, FieldPlan? field, CompiledExpression? where)
{
    private bool _summed;
    private bool _squared;
    private bool _ranged;

    public int Ordinal => ordinal;

    /// <summary>Whether hashes of the field are stored instead of its values.</summary>
    public bool IsHash { get; init; }

    /// <summary>For a field measured from an earlier event: where those events are stored.</summary>
    public SinceColumn? Since { get; init; }

    /// <summary>For weighted values: their decay.</summary>
    public DecayPlan? Decay { get; init; }

    public bool Is(int otherSlot, CompiledExpression? otherWhere, bool isHash, DecayPlan? decay) =>
        slot == otherSlot && where?.Text == otherWhere?.Text && IsHash == isHash && Decay == decay;

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
            _ when Decay is not null => ColumnStorage.Fixed,
            FieldType.String => IsHash ? ColumnStorage.Hash : ColumnStorage.Text,
            FieldType.Number => ColumnStorage.Number,
            _ => ColumnStorage.Fixed,
        },
        Where = where,
        Scale = Decay is { IsWeight: true } ? 0 : field?.Scale ?? 0,
        Decay = Decay,
        Since = Since,
        IsLabel = field?.IsLabel ?? false,
        Summed = _summed || Decay is not null,
        Squared = _squared,
        Ranged = _ranged,
    };
}
