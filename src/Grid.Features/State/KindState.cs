using Grid.Features.Plans;
using Grid.Features.State.Intervals;
using Grid.Features.State.Loaded;

namespace Grid.Features.State;

/// <summary>What the entities of one kind share: layouts, trees, readers and compiled features.</summary>
internal sealed class KindState
{
    private readonly WindowProgram?[] _windows;
    private readonly Value[]?[] _inputs;
    private readonly bool[] _begun;
    private readonly SpanStates?[] _spans;
    private readonly Arena _arena;
    private string? _key;

    public KindState(Arena arena, KindPlan plan, int events, TextTable texts)
    {
        (_arena, Plan) = (arena, plan);
        Layout = new(plan, events);
        var offsets = Layout.Timelines.Select(_ => new List<long>()).ToArray();
        _windows = [.. plan.Features.Select(feature => feature.Timeline < 0 || feature.Span is not null ? null : new WindowProgram(feature, Layout, offsets))];
        _inputs = [.. plan.Features.Select(feature => feature.Expression is null ? null : new Value[feature.ExpressionInputs.Count])];
        var count = Layout.Timelines.Length;
        (Trees, Labels, Readers, Rows) = (new TimelineTree[count], new Labels[count], new TimelineReader[count], new Row[count]);
        AggregateCache = new AggregateCaches[count];
        _begun = new bool[count];
        for (var i = 0; i < count; i++)
        {
            Trees[i] = new(arena, Layout, i, texts);
            Labels[i] = new(arena, Layout, i, texts);
            AggregateCache[i] = new(arena, Layout, i);
            Readers[i] = new(arena, Layout, Trees[i], Labels[i], AggregateCache[i], texts, [.. offsets[i]]);
            Rows[i] = new(Layout.Timelines[i].Columns.Length);
        }

        Since = new(plan, Trees);
        Batches = new(arena, Layout, texts);
        _spans = new SpanStates?[plan.Features.Count];
        foreach (var feature in plan.Features.Where(feature => feature.Span is not null))
        {
            _spans[feature.Ordinal] = Array.Find(_spans, known => known?.Serves(feature) ?? false) ?? new(feature, Trees);
        }

        Spans = [.. _spans.OfType<SpanStates>().Distinct()];
    }

    public KindPlan Plan { get; }

    public KindLayout Layout { get; }

    public TimelineTree[] Trees { get; }

    public Labels[] Labels { get; }

    public AggregateCaches[] AggregateCache { get; }

    public TimelineReader[] Readers { get; }

    /// <summary>Computes the values measured from earlier events.</summary>
    public SinceFiller Since { get; }

    /// <summary>The loaded values of batch features.</summary>
    public Batches Batches { get; }

    /// <summary>Open spans, one per set of starts, ends and window.</summary>
    public SpanStates[] Spans { get; }

    /// <summary>One reusable row per timeline.</summary>
    public Row[] Rows { get; }

    /// <summary>Time of an entity's newest event, in Unix milliseconds; -1 if it has none.</summary>
    public long Newest(int entity)
    {
        var newest = -1L;
        foreach (var tree in Trees)
        {
            newest = Math.Max(newest, tree.Newest(entity));
        }

        return newest;
    }

    /// <summary>The active batch tables.</summary>
    public LoadedBatches Loaded { get; set; } = new();

    public void Read(int entity, long at, ReadOnlySpan<int> features, Span<ReadValue> values, string? key = null)
    {
        Array.Clear(_begun);
        _key = key;
        var newest = entity == 0 ? -1 : Newest(entity);
        for (var i = 0; i < features.Length; i++)
        {
            values[i] = Read(entity, at, newest, features[i]);
        }
    }

    private ReadValue Read(int entity, long at, long newest, int feature)
    {
        if (Plan.Features[feature].Batch is not null)
        {
            return ReadBatch(entity, at, Plan.Features[feature]);
        }

        if (_spans[feature] is { } spans)
        {
            var plan = Plan.Features[feature];
            var empty = plan.Empty ?? Value.Of(0);
            return entity == 0 ? new(empty, ReadValue.Nothing, false) : spans.Read(plan, empty, entity, at, newest);
        }

        if (_windows[feature] is not { } window)
        {
            return Evaluate(entity, at, newest, feature);
        }

        if (entity == 0)
        {
            return new(window.Empty, ReadValue.Nothing, false);
        }

        var timeline = window.Plan.Timeline;
        if (!_begun[timeline])
        {
            _begun[timeline] = true;
            Readers[timeline].Begin(entity, timeline, at, newest);
        }

        return Readers[timeline].Read(window);
    }

    private ReadValue ReadBatch(int entity, long at, FeaturePlan feature)
    {
        if (Loaded.IsEmpty || Loaded.Of(feature, Plan, EventTime.FromTrusted(at)) is not { } file)
        {
            return Batches.Read(entity, feature, at);
        }

        var empty = feature.Empty ?? Value.Missing;
        _key ??= KeyOf(entity);
        if (_key is null || !file.TryFind(_key, feature, out var value, out var computed))
        {
            return new(empty, ReadValue.Nothing, false);
        }

        var isTooOld = feature.Batch!.MaxAgeMilliseconds is { } most && at - computed > most;
        return new(value.IsMissing || isTooOld ? empty : value, computed, false);
    }

    private unsafe string? KeyOf(int entity) => entity == 0 ? null : new EntityRecord(_arena[entity], Layout).KeyText;

    private ReadValue Evaluate(int entity, long at, long newest, int feature)
    {
        var plan = Plan.Features[feature];
        var inputs = _inputs[feature] ?? throw new InvalidOperationException($"{plan.FullName} has neither a window nor an expression.");
        var (newestRead, approximate) = (ReadValue.Nothing, false);
        for (var i = 0; i < inputs.Length; i++)
        {
            var read = Read(entity, at, newest, plan.ExpressionInputs[i]);
            inputs[i] = read.Value;
            newestRead = Math.Max(newestRead, read.NewestMilliseconds);
            approximate |= read.Approximate;
        }

        return new(plan.Expression!.Evaluate(null, inputs), newestRead, approximate);
    }
}
