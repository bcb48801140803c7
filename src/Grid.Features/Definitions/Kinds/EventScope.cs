using Grid.Features.Expressions;
using Grid.Features.Plans;

namespace Grid.Features.Definitions.Kinds;

/// <summary>The names in a filter: the fields of its event, with or without the event's name as a prefix.</summary>
internal sealed class EventScope(EventPlan plan) : DefinitionScope
{
    public override IEnumerable<string> Names => plan.Fields.Where(known => known.IsSent).Select(known => known.Name);

    public override bool TryResolve(string name, out ExpressionName found)
    {
        var prefix = plan.Name.Length + 1;
        var field = name.Length > prefix && name.StartsWith(plan.Name + ".", StringComparison.Ordinal) ? name[prefix..] : name;
        return TryField(plan, field, "a filter reads what is known when the event comes in", out found);
    }
}
