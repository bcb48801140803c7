using Grid.Features.Plans;
using Grid.Features.Sources;

namespace Grid.Cli.Replay;

/// <summary>
/// What decisions said of the rows of a file, for later events of the same rows that a source gives it to (<c>$eta.p50</c>): an app that was told it
/// would send it along.
/// </summary>
internal sealed class SaidOutputs
{
    private readonly Dictionary<long, IReadOnlyList<DecisionOutput>> _said = [];
    private readonly Dictionary<SourceEvent, (string Field, int Scale, int Output)[]> _wanted = [];

    /// <exception cref="GridException">The source names an output that the decision does not have.</exception>
    public SaidOutputs(SourcePlan source, DecisionSchema? decision)
    {
        var prefix = $"{SourcePlan.Word}{decision?.Name}.";
        foreach (var made in decision is null ? [] : source.Events)
        {
            var wanted = made.Columns.Where(column => column.Column.StartsWith(prefix, StringComparison.Ordinal)).Select(column =>
            {
                var field = made.Event.Fields[column.Slot];
                return (field.Name, field.Type == FieldType.Number ? 15 : field.Scale, PlaceOf(column.Column[prefix.Length..], decision!));
            }).ToArray();
            if (wanted.Length > 0)
            {
                _wanted.Add(made, wanted);
            }
        }
    }

    /// <summary>Whether later events of a row are given what its decision said.</summary>
    public bool AreWanted => _wanted.Count > 0;

    public void Keep(long row, Decision made)
    {
        if (_wanted.Count > 0)
        {
            _said[row] = made.Outputs;
        }
    }

    /// <summary>Fills in what the event's row was told.</summary>
    public void Fill(in SourceItem item)
    {
        if (!_wanted.TryGetValue(item.Made, out var wanted) || !_said.TryGetValue(item.Row, out var said))
        {
            return;
        }

        foreach (var (field, scale, output) in wanted)
        {
            if (double.IsFinite(said[output].Value))
            {
                item.Event[field] = decimal.Round((decimal)said[output].Value, scale);
            }
        }
    }

    private static int PlaceOf(string output, DecisionSchema decision)
    {
        var place = decision.Outputs.ToList().IndexOf(output);
        return place >= 0 ? place : throw GridException.Unknown("output", output, decision.Outputs);
    }
}
