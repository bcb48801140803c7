using Grid.Features.Plans;

namespace Grid.Features.State;

/// <summary>The memory layout of the entities of a kind.</summary>
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

    /// <summary>By event type: the timeline that stores it, or -1.</summary>
    public int[] TimelineOf { get; }

    /// <summary>By timeline: the record offset of the handle of its labels; -1 if it has no label columns.</summary>
    public int[] LabelsAt { get; }

    /// <summary>The record offset of the handle of the loaded values; -1 if the kind has no batch features.</summary>
    public int BatchesAt { get; }

    /// <summary>Identifies the state format of the kind in its snapshots.</summary>
    public uint Fingerprint { get; }

    /// <summary>Bytes of the record before the key.</summary>
    public int RecordHeader { get; }
}
