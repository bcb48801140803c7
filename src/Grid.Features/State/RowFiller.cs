using Grid.Features.Plans;

namespace Grid.Features.State;

/// <summary>Fills a timeline's row from an event.</summary>
internal static class RowFiller
{
    private static readonly Value[] NoInputs = [];

    public static void Fill(Row row, TimelineLayout layout, EventRow given, TextTable texts)
    {
        row.Time = given.At.UnixMilliseconds;
        row.Fingerprint = Row.FingerprintOf(given.IdHash);
        foreach (var column in layout.Columns)
        {
            var i = column.Ordinal;
            if (column.Plan.Where is { } where && !where.IsTrue(given, NoInputs))
            {
                (row.Keys[i], row.Missing[i]) = (0, true);
            }
            else if (column.Plan.Slot == ColumnPlan.Ones)
            {
                (row.Keys[i], row.Missing[i]) = (1, false);
            }
            else
            {
                row.Missing[i] = !TryKey(column.Plan.Storage, given[column.Plan.Slot], texts, out row.Keys[i]);
            }

            if (column.Plan.Decay is { } decay && !row.Missing[i])
            {
                row.Keys[i] = decay.Weigh(row.Keys[i], row.Time);
            }
        }
    }

    /// <summary>The key of a slot's value; false if it has none. Adds a reference to a string.</summary>
    public static bool TryKey(ColumnStorage storage, FieldSlot slot, TextTable texts, out long key)
    {
        key = 0;
        if (!slot.IsPresent)
        {
            return false;
        }

        switch (storage)
        {
            case ColumnStorage.Number:
                var number = BitConverter.Int64BitsToDouble(slot.Bits);
                key = double.IsNaN(number) ? 0 : NumberKey.Of(number);
                return !double.IsNaN(number);
            case ColumnStorage.Text:
                key = slot.Text is null ? 0 : texts.Hold(slot.Text);
                return slot.Text is not null;
            case ColumnStorage.Hash:
                key = slot.Text is null ? 0 : (long)StableHash.Of(slot.Text);
                return slot.Text is not null;
            default:
                key = slot.Bits;
                return true;
        }
    }
}
