using System.Globalization;
using System.Text;
using Grid.Features.Plans;

namespace Grid.Features.State;

/// <summary>Fingerprints the state format, so that snapshots are read only under compatible definitions.</summary>
internal static class StateLayout
{
    /// <summary>
    /// A fingerprint that changes when existing snapshots lack something that a plan reads: kind, timeline, column, filter, retention or
    /// format. Adding or removing features does not change it as long as columns and retention stay the same.
    /// </summary>
    /// <returns>Sixteen hexadecimal digits.</returns>
    public static string Fingerprint(DefinitionPlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        var words = new StringBuilder().Append(CultureInfo.InvariantCulture, $"format {Snapshot.Version};");
        foreach (var kind in plan.Kinds)
        {
            words.Append(Describe(kind));

            // Snapshots remain readable with a different retention, but a longer one would miss events that were already dropped, without
            // noticing.
            foreach (var timeline in kind.Timelines)
            {
                words.Append(CultureInfo.InvariantCulture, $"retention {timeline.RetentionMilliseconds};");
            }
        }

        return StableHash.Of(words.ToString()).ToString("x16", CultureInfo.InvariantCulture);
    }

    /// <summary>The fingerprint of one kind, stored in its snapshots.</summary>
    internal static uint FingerprintOf(KindPlan kind) => (uint)StableHash.Of(Describe(kind));

    // Excludes what only affects read speed (running sums, minima and maxima): it is rebuilt on restore.
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
