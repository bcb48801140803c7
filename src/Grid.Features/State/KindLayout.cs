using Grid.Features.Plans;

namespace Grid.Features.State;

/// <summary>How the entities of a kind lie in memory.</summary>
internal sealed class KindLayout
{
    public KindLayout(KindPlan plan, int events)
    {
        Plan = plan;
        Timelines = [.. plan.Timelines.Select(timeline => new TimelineLayout(timeline))];
        TimelineOf = new int[events];
        Array.Fill(TimelineOf, -1);
        LabelsAt = new int[Timelines.Length];
        RecordHeader = EntityRecord.Header + (Timelines.Length * sizeof(int));
        for (var i = 0; i < Timelines.Length; i++)
        {
            TimelineOf[plan.Timelines[i].Event.Ordinal] = i;
            LabelsAt[i] = Timelines[i].HasLabels ? RecordHeader : -1;
            RecordHeader += Timelines[i].HasLabels ? sizeof(int) : 0;
        }

        var hasBatches = plan.Features.Any(feature => feature.Batch is not null);
        BatchesAt = hasBatches ? RecordHeader : -1;
        RecordHeader += hasBatches ? sizeof(int) : 0;
        Fingerprint = StateLayout.FingerprintOf(plan);
    }

    public KindPlan Plan { get; }

    public TimelineLayout[] Timelines { get; }

    /// <summary>By event type: the timeline that keeps it, or -1.</summary>
    public int[] TimelineOf { get; }

    /// <summary>By timeline: where the record keeps the handle of its labels; -1 where it has no label columns.</summary>
    public int[] LabelsAt { get; }

    /// <summary>Where the record keeps the handle of what was loaded; -1 where nothing is.</summary>
    public int BatchesAt { get; }

    /// <summary>Names what the kind keeps, in its snapshots.</summary>
    public uint Fingerprint { get; }

    /// <summary>Bytes of the record before the key.</summary>
    public int RecordHeader { get; }
}
