using System.Collections.Frozen;

namespace Grid.Gateway.Wire;

/// <summary>The readers of all event types of the bundle.</summary>
internal sealed class EventReaders(IGrid grid)
{
    private readonly FrozenDictionary<string, EventReader> _byType = grid.Schema.Events.ToFrozenDictionary(schema => schema.Type, schema => new EventReader(schema));

    public IEnumerable<string> Types => grid.Schema.Events.Select(schema => schema.Type);

    public EventReader? Of(string type) => _byType.GetValueOrDefault(type);
}
