using Grid.Features.Definitions.Yaml;
using Grid.Features.Expressions;
using Grid.Features.Plans;

namespace Grid.Features.Definitions.Kinds;

/// <summary>Reads one kind of entity: its features, ordered so that each follows those it reads, and the state they require.</summary>
internal sealed class KindReader
{
    /// <summary>The reserved key for how long events are kept; not a feature.</summary>
    public const string RetentionKey = "retention";

    private const int LongestChain = 64;
    private readonly int _ordinal;
    private readonly YamlEntry _entry;
    private readonly DiagnosticList _faults;
    private readonly AggregationReader _aggregations;
    private readonly TimelineSet _timelines;
    private readonly Dictionary<string, FeatureDraft> _features = new(StringComparer.Ordinal);
    private readonly List<FeatureDraft> _chain = [];
    private readonly List<FeatureDraft> _done = [];
    private long? _retention;

    public KindReader(YamlEntry entry, int ordinal, IReadOnlyList<EventPlan> events, DiagnosticList faults)
    {
        (_entry, _ordinal, _faults) = (entry, ordinal, faults);
        _timelines = new();
        _aggregations = new(entry.Name, ordinal, events, _timelines, faults);
    }

    /// <param name="owned">Ordinals of the events on which the kind owns decisions.</param>
    /// <param name="retention">The retention declared for the whole bundle, in milliseconds; null if there is none.</param>
    public KindDefinition Read(IEnumerable<EventPlan> owned, long? retention)
    {
        Names.Check(_entry.Key, _faults);
        var reader = new MapReader(Section(), _faults);
        foreach (var entry in reader.Map.Entries.Where(entry => entry.Name != RetentionKey))
        {
            Names.Check(entry.Key, _faults);
            _features.Add(entry.Name, new(entry, _entry.Name));
        }

        var declared = reader.Duration(RetentionKey);
        _retention = declared ?? retention;
        foreach (var feature in _features.Values)
        {
            TryRead(feature);
        }

        foreach (var plan in owned)
        {
            _timelines.Of(plan);
        }

        return new(Plan(_retention, reader.Map[RetentionKey] ?? _entry.Key), TypesByName(), BrokenNames());
    }

    private YamlMap Section()
    {
        switch (_entry.Value)
        {
            case YamlMap map:
                return map;
            case YamlText { IsEmpty: true }:
                break;
            default:
                _faults.Add(_entry.Value, $"Found {_entry.Value.Words}; a kind is a mapping of feature names to their definitions.");
                break;
        }

        return new(_entry.Value.Mark, _entry.Value.Path, []);
    }

    // False if the feature is already being read: it depends on itself.
    private bool TryRead(FeatureDraft feature)
    {
        if (feature.IsRead)
        {
            return true;
        }

        if (feature.IsBeingRead || _chain.Count >= LongestChain)
        {
            TellChain(feature);
            return false;
        }

        feature.IsBeingRead = true;
        _chain.Add(feature);
        ReadDefinition(feature);
        _chain.RemoveAt(_chain.Count - 1);
        (feature.IsBeingRead, feature.IsRead) = (false, true);
        return true;
    }

    private void TellChain(FeatureDraft feature)
    {
        if (!feature.IsBeingRead)
        {
            _faults.Add(feature.Key, $"More than {LongestChain} features read one another in a chain here; make it shorter.");
            return;
        }

        var circle = _chain.SkipWhile(link => link != feature).Append(feature).Select(link => link.FullName);
        _faults.Add(_chain[^1].Key, $"It needs itself: {string.Join(" → ", circle)}; take one of them out of the circle.");
    }

    private void ReadDefinition(FeatureDraft feature)
    {
        switch (feature.Value)
        {
            case YamlText { IsEmpty: false } text:
                ReadExpression(feature, text);
                break;
            case YamlMap map when map["expr"] is not null:
                var reader = new MapReader(map, _faults);
                reader.Only(["expr"]);
                if (reader.Text("expr", "an expression over other features of the kind") is { } expression)
                {
                    ReadExpression(feature, expression);
                }

                break;
            case YamlMap map when map[BatchReader.Key] is not null:
                feature.Plan = BatchReader.Read(feature, new(map, _faults), _done.Count, _retention, _faults);
                break;
            case YamlMap map:
                feature.Plan = _aggregations.Read(feature, new(map, _faults), _done.Count);
                break;
            default:
                _faults.Add(
                    feature.Value, "Expected a definition such as { count: some_event, window: 7d }, or an expression, "
                    + $"found {feature.Value.Words}.");
                break;
        }

        if (feature.Plan is not null)
        {
            _done.Add(feature);
        }
    }

    private void ReadExpression(FeatureDraft feature, YamlText text)
    {
        var scope = new FeatureScope(_entry.Name, _features, TryRead);
        if (ExpressionReader.Read(text, scope, ExpressionType.None, _faults) is not { } compiled)
        {
            return;
        }

        feature.Type = compiled.Type;
        feature.Plan = new()
        {
            Ordinal = _done.Count,
            Name = feature.Name,
            FullName = feature.FullName,
            Definition = compiled.Text,
            IsText = compiled.Type == ExpressionType.Text,
            IsInteger = compiled.IsInteger,
            Expression = compiled,
            ExpressionInputs = [.. scope.Inputs.Select(input => input.Plan!.Ordinal)],
        };
    }

    private KindPlan Plan(long? retention, YamlValue at)
    {
        foreach (var timeline in _timelines.All.Where(timeline => timeline.Longest > retention))
        {
            var (longest, kept) = (Durations.ToText(timeline.Longest), Durations.ToText(retention!.Value));
            _faults.Add(
                at, $"Features read {timeline.Event.Name} {longest} back (window and delay), but events are kept for {kept}; "
                + $"expected a 'retention' of at least {longest}.");
        }

        var timelines = _timelines.Plan(retention);
        if (timelines is null)
        {
            _faults.Add(_entry.Key, "Events that are read here are measured from one another in a circle ('seconds_since'); leave one of these fields out.");
        }

        return new()
        {
            Ordinal = _ordinal,
            Name = _entry.Name,
            Timelines = timelines ?? [],
            Features = [.. _done.Select(feature => feature.Plan!)],
        };
    }

    private Dictionary<string, ExpressionType> TypesByName() =>
        _done.ToDictionary(feature => feature.Name, feature => feature.Type, StringComparer.Ordinal);

    private HashSet<string> BrokenNames() =>
        [.. _features.Values.Where(feature => feature.Plan is null).Select(feature => feature.Name)];
}
