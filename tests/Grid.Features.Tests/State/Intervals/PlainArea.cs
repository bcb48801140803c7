using Grid.Features.Plans;
using Grid.Features.State;

namespace Grid.Features.Tests.State.Intervals;

/// <summary>Something that happened in an area.</summary>
internal sealed record PlainHappening(string Event, string Id, long At, string Key, bool Passes)
{
    public long Fingerprint => Row.FingerprintOf(StableHash.Of(Id));

    public void Fill(EventRow row, DefinitionPlan plan)
    {
        var type = plan.Events.Single(known => known.Name == Event);
        row.Reset(type);
        for (var slot = 0; slot < type.Fields.Count; slot++)
        {
            var field = type.Fields[slot];
            row.Set(slot, field.Name switch
            {
                "at" => FieldSlot.OfBits(At),
                "area" => FieldSlot.OfText("a"),
                "express" => FieldSlot.OfBits(Passes ? 1 : 0),
                "status" => FieldSlot.OfText(Passes ? "free" : "busy"),
                "order" or "courier" => FieldSlot.OfText(Key),
                _ => FieldSlot.OfText(Id),
            });
        }

        row.Seal();
    }
}

/// <summary>The plain twin: keeps every event that was taken, and looks at all of them for every reading.</summary>
internal sealed class PlainArea(DefinitionPlan plan)
{
    private readonly List<PlainHappening> _taken = [];
    private readonly KindPlan _kind = plan.Kinds[0];
    private long _newest = -1;

    public IReadOnlyList<PlainHappening> Taken => _taken;

    public ApplyOutcome Apply(PlainHappening happening)
    {
        if (TimelineOf(happening.Event) is not { } timeline)
        {
            return ApplyOutcome.Applied;
        }

        if (_newest >= 0 && happening.At <= _newest - timeline.RetentionMilliseconds)
        {
            return ApplyOutcome.TooOld;
        }

        _taken.Add(happening);
        _newest = Math.Max(_newest, happening.At);
        return ApplyOutcome.Applied;
    }

    /// <param name="feature">The feature.</param>
    /// <param name="at">The moment.</param>
    /// <param name="starts">The event that starts.</param>
    /// <param name="ends">The events that end.</param>
    /// <param name="filtered">Whether only what passes starts.</param>
    public ReadValue Read(FeaturePlan feature, long at, string starts, string[] ends, bool filtered)
    {
        var slack = feature.Span!.SlackMilliseconds;
        var kept = ends.Select(end => TimelineOf(end)!.RetentionMilliseconds - slack).Append(TimelineOf(starts)!.RetentionMilliseconds).Min();
        var horizon = _newest < 0 ? -1 : Math.Max(-1, _newest - kept);
        var until = at - feature.DelayMilliseconds;
        var isWhole = feature.WindowMilliseconds == FeaturePlan.WholeHistory;
        var from = isWhole ? horizon : until - feature.WindowMilliseconds;
        var isApproximate = isWhole ? _taken.Exists(held => held.Event == starts && held.At <= horizon) : Math.Max(-1, from) < horizon;
        var started = _taken
            .Where(held => held.Event == starts && held.At > Math.Max(from, horizon) && held.At <= until && (!filtered || held.Passes))
            .ToList();
        var isLatest = feature.Aggregation == Aggregation.Latest;
        var open = started.Count(start => !_taken.Exists(held => held.Key == start.Key && held.At <= until && Ends(held, start, ends, isLatest, slack)));
        return started.Count == 0
            ? new(feature.Empty ?? Value.Of(0), ReadValue.Nothing, isApproximate)
            : new(Value.Of(open), started.Max(start => start.At), isApproximate);
    }

    private static bool Ends(PlainHappening end, PlainHappening start, string[] ends, bool isLatest, long slack)
    {
        if (isLatest && end.Event == start.Event)
        {
            return (end.At, end.Fingerprint).CompareTo((start.At, start.Fingerprint)) > 0;
        }

        return ends.Contains(end.Event) && end.At >= start.At - slack;
    }

    private TimelinePlan? TimelineOf(string name) => _kind.Timelines.FirstOrDefault(timeline => timeline.Event.Name == name);
}
