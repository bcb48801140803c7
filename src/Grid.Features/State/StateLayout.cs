using Grid.Features.Plans;
using System.Globalization;
using System.Text;

namespace Grid.Features.State;

/// <summary>Names what the state keeps, so that snapshots are read only by those who keep the same.</summary>
internal static class StateLayout
{
    /// <summary>
    /// A short text that changes when snapshots written before do not hold what a plan reads: another kind, timeline, column, filter, retention, or format.
    /// Features may come and go without changing it as long as the columns stay and events are kept as long.
    /// </summary>
    /// <returns>Sixteen hexadecimal digits.</returns>
    public static string Fingerprint(DefinitionPlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        var words = new StringBuilder().Append(CultureInfo.InvariantCulture, $"format {Snapshot.Version};");
        foreach (var kind in plan.Kinds)
        {
            words.Append(Describe(kind));

            // A snapshot can be read whatever was forgotten before it was written, but what reaches further back now would miss events and not know it.
            foreach (var timeline in kind.Timelines)
            {
                words.Append(CultureInfo.InvariantCulture, $"retention {timeline.RetentionMilliseconds};");
            }
        }

        return StableHash.Of(words.ToString()).ToString("x16", CultureInfo.InvariantCulture);
    }

    /// <summary>The same of one kind, as a number for its snapshots.</summary>
    internal static uint FingerprintOf(KindPlan kind) => (uint)StableHash.Of(Describe(kind));

    // What only changes how fast something is read (running sums, extremes) is rebuilt at restoring and does not belong here.
    private static string Describe(KindPlan kind)
    {
        var words = new StringBuilder().Append("kind ").Append(kind.Name).Append(';');
        foreach (var timeline in kind.Timelines)
        {
            words.Append("timeline ").Append(timeline.Event.Name).Append(';');
            foreach (var column in timeline.Columns)
            {
                var field = column.Slot == ColumnPlan.Ones ? "1" : timeline.Event.Fields[column.Slot].Name;
                words.Append(CultureInfo.InvariantCulture, $"column {field} {(int)column.Storage} {column.Scale} {column.IsLabel} {column.Where?.Text};");
                if (column.Slot != ColumnPlan.Ones && timeline.Event.Fields[column.Slot].Expression is { } expression)
                {
                    words.Append("computed ").Append(expression.Text).Append(';');
                }

                if (column.Decay is { } decay)
                {
                    words.Append(CultureInfo.InvariantCulture, $"decay {decay.HalfLifeMilliseconds} {decay.IsWeight};");
                }

                if (column.Since is { } since)
                {
                    var start = kind.Timelines[since.Starts.Timeline];
                    var (from, to) = (start.Event.Fields[start.Columns[since.Starts.Column].Slot].Name, timeline.Event.Fields[timeline.Columns[since.KeyColumn].Slot].Name);
                    words.Append(CultureInfo.InvariantCulture, $"since {start.Event.Name} {from} {to} {since.WithinMilliseconds};");
                }
            }
        }

        return words.ToString();
    }
}
