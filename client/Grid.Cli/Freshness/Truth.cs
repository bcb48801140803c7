using Grid.Decisions.Plans;
using Grid.Features.Plans;
using Grid.Features.Sources;

namespace Grid.Cli.Freshness;

/// <summary>
/// What turned out to be true of the events that were decided on: whether a label's boolean field held, or how many seconds it took until a later
/// event with the same id.
/// </summary>
internal sealed class Truth
{
    private readonly EventPlan _told;
    private readonly string _idField;
    private readonly string? _field;
    private readonly Dictionary<string, double> _known = new(StringComparer.Ordinal);

    private Truth(EventPlan told, string idField, string? field) => (_told, _idField, _field) = (told, idField, field);

    /// <summary>Whether it is a yes or no; otherwise it is a time in seconds.</summary>
    public bool IsYesOrNo => _field is not null;

    /// <summary>As the report names it.</summary>
    public string Words => _field is null ? $"seconds until {_told.Name}" : $"{_told.Name}.{_field}";

    /// <param name="bundle">The bundle.</param>
    /// <param name="decision">The decision.</param>
    /// <param name="name">The event that tells it; null is the only label of the decision's event.</param>
    /// <exception cref="UsageException">There is no such event, or it does not say what is needed.</exception>
    public static Truth Of(Bundle bundle, DecisionPlan decision, string? name)
    {
        var labels = bundle.Definitions.Events.Where(plan => plan.Label?.Target == decision.On.Ordinal).ToList();
        if (name is null && labels.Count != 1)
        {
            throw new UsageException($"--label: '{decision.On.Name}' has {labels.Count} labels; name one, or a later event with the same id.");
        }

        var told = name is null ? labels[0] : bundle.Definitions.Events.FirstOrDefault(plan => plan.Name == name)
            ?? throw GridException.Unknown("event type", name, bundle.Definitions.Events.Select(plan => plan.Name));
        var idField = told.Fields[told.IdSlot].Name;
        if (!labels.Contains(told))
        {
            return new(told, idField, null);
        }

        var field = told.Fields.FirstOrDefault(sent => sent is { IsSent: true, Type: FieldType.Boolean })
            ?? throw new UsageException($"--label: '{told.Name}' has no boolean field, so it does not say what was right.");
        return new(told, idField, field.Name);
    }

    /// <summary>Notes what an event says.</summary>
    public void Take(in SourceItem item)
    {
        if (item.Plan.Ordinal == _told.Ordinal && item.Event[_idField].ToString() is { } id)
        {
            _known[id] = _field is null ? item.At.UnixMilliseconds / 1e3 : IsTrue(item.Event[_field]) ? 1 : 0;
        }
    }

    /// <summary>What is known of an event: 1 or 0, or seconds; null where nothing is known of it. Nothing told of a yes or no is a no.</summary>
    public double? Find(string eventId, EventTime at)
    {
        if (_known.TryGetValue(eventId, out var value))
        {
            return _field is null ? value - (at.UnixMilliseconds / 1e3) : value;
        }

        return _field is null ? null : 0;
    }

    private static bool IsTrue(FieldValue value) => value.Given == FieldType.String ? value.Text is "1" or "true" or "True" : value.Exact != 0;
}
