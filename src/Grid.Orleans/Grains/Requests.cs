using Grid.Decisions.Hosting;
using Grid.Features.Plans;
using Grid.Features.Rows;

namespace Grid.Orleans;

/// <summary>Checks of what callers send, where it comes in.</summary>
internal static class Requests
{
    /// <summary>Reads an event of whatever type into a row; null where nothing is wrong with it.</summary>
    public static ValidationError? TryRead(SiloCore core, Event given, EventRow row, out EventFacts? type)
    {
        ArgumentNullException.ThrowIfNull(given);
        if (core.EventsByName.TryGetValue(given.Type, out type))
        {
            return FaultOf(core, given, type, row);
        }

        core.Metrics.Rejected();
        return new("type", $"the event type '{given.Type}', which the bundle does not have", $"one of {string.Join(", ", core.EventsByName.Keys.Order())}");
    }

    /// <summary>Reads an event that must be of a type into a row; null where nothing is wrong with it.</summary>
    public static ValidationError? FaultOf(SiloCore core, Event given, EventFacts type, EventRow row)
    {
        ArgumentNullException.ThrowIfNull(given);
        ValidationError? fault = null;
        if (given.Type != type.Plan.Name)
        {
            fault = new("type", $"an event '{given.Type}'", $"an event '{type.Plan.Name}'");
        }
        else
        {
            var latest = core.Latest(out var now);
            if (RowReader.TryRead(given, type.Plan, now, latest, row, out fault))
            {
                return null;
            }
        }

        core.Metrics.Rejected();
        return fault;
    }

    /// <exception cref="GridException">The request names another owner than the entity that was asked.</exception>
    public static void CheckOwner(EventRow row, DecisionFacts decision, EntityId asked)
    {
        var slot = decision.Plan.OwnerKeySlot;
        if (decision.Plan.Owner.Name != asked.Kind || row[slot].Text != asked.Key)
        {
            throw GridException.Invalid(new(row.Plan.Fields[slot].Name, $"'{row[slot].Text}'", $"the key of the {asked.Kind} that was asked, '{asked.Key}'"));
        }
    }
}
