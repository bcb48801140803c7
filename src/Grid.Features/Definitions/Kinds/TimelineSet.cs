using Grid.Features.Plans;

namespace Grid.Features.Definitions.Kinds;

/// <summary>The timelines of a kind while it is read: one per event type, created on demand.</summary>
internal sealed class TimelineSet
{
    private readonly List<TimelineDraft> _all = [];
    private readonly List<(TimelineDraft Kept, TimelineDraft Than, long By)> _longer = [];

    public IReadOnlyList<TimelineDraft> All => _all;

    public TimelineDraft Of(EventPlan plan)
    {
        var timeline = _all.Find(known => known.Event.Ordinal == plan.Ordinal);
        if (timeline is null)
        {
            timeline = new(_all.Count, plan);
            _all.Add(timeline);
        }

        return timeline;
    }

    /// <summary>Requires that the retention of one timeline exceeds that of another.</summary>
    public void KeepLonger(TimelineDraft kept, TimelineDraft than, long by) => _longer.Add((kept, than, by));

    /// <summary>
    /// The plans; null if events are measured from one another in a cycle, so that each retention would have to exceed the others.
    /// </summary>
    /// <param name="declared">The retention declared in the bundle; null if there is none.</param>
    public IReadOnlyList<TimelinePlan>? Plan(long? declared)
    {
        var retentions = _all.ToDictionary(timeline => timeline, timeline => timeline.Retention(declared));
        for (var round = 0; round <= _all.Count; round++)
        {
            var isEnough = true;
            foreach (var (kept, than, by) in _longer)
            {
                isEnough &= retentions[kept] >= retentions[than] + by;
                retentions[kept] = Math.Max(retentions[kept], retentions[than] + by);
            }

            if (isEnough)
            {
                return [.. _all.Select(timeline => timeline.Plan(retentions[timeline]))];
            }
        }

        return null;
    }
}
