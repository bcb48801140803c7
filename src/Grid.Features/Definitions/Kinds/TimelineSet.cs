namespace Grid.Features.Definitions;

/// <summary>The timelines of a kind while it is read: one per event type, made when first asked for.</summary>
internal sealed class TimelineSet
{
    private readonly List<TimelineDraft> _all = [];

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
}
