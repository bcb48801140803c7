using Grid.Features.Definitions;
using Grid.Features.Definitions.Yaml;
using Grid.Features.Naming;

namespace Grid.Decisions.Definitions;

/// <summary>The order of a ranking while it is read; a null expression is the score.</summary>
internal sealed record OrderDraft(YamlText? By, IReadOnlySet<string> Drop, DiversityDraft? Diversity);

/// <summary>The diversity of an order while it is read.</summary>
internal sealed record DiversityDraft(YamlText By, int Most, int Among, string Reason);

/// <summary>Reads the <c>order</c> of a decision that ranks.</summary>
internal sealed class OrderReader(DiagnosticList faults)
{
    private const int MostPlaces = 1_000;
    private const string Expected = "a mapping such as { by: score, drop: [hide], diversity: { by: cuisine, most: 3, among: 10 } }";
    private const string ExpectedDrop = "a list of actions of the policy";
    private const string ExpectedDiversity = "a mapping such as { by: cuisine, most: 3, among: 10 }";
    private const string DefaultReason = "diversity";
    private static readonly string[] Keys = ["by", "drop", "diversity"];
    private static readonly string[] DiversityKeys = ["by", "most", "among", "reason"];

    /// <summary>The order; null for a decision that does not rank.</summary>
    public OrderDraft? Read(MapReader decision, Request request, IEnumerable<string> actions)
    {
        if (decision.Section("order", Expected) is not { } section)
        {
            return request.Candidates is null ? null : new(null, new HashSet<string>(), null);
        }

        if (decision.Map["candidates"] is null)
        {
            faults.Add(section, "There is nothing to order without 'candidates'; declare them, or leave the order out.");
            return null;
        }

        var reader = new MapReader(section, faults);
        reader.Only(Keys);
        return new(reader.Text("by", "an expression such as score"), Drop(reader, [.. actions]), Diversity(reader));
    }

    private HashSet<string> Drop(MapReader reader, List<string> actions)
    {
        var drop = new HashSet<string>(StringComparer.Ordinal);
        foreach (var item in reader.List("drop", ExpectedDrop)?.Items ?? [])
        {
            if (item is not YamlText { IsEmpty: false } action)
            {
                faults.Add(item, $"Expected an action of the policy, found {item.Words}.");
            }
            else if (!actions.Contains(action.Text))
            {
                faults.Add(action, $"No rule of the policy says {action.Words}.{NearNames.Hint(action.Text, actions.Distinct(StringComparer.Ordinal))}");
            }
            else
            {
                drop.Add(action.Text);
            }
        }

        return drop;
    }

    private DiversityDraft? Diversity(MapReader order)
    {
        if (order.Section("diversity", ExpectedDiversity) is not { } section)
        {
            return null;
        }

        var reader = new MapReader(section, faults);
        reader.Only(DiversityKeys);
        var by = reader.RequiredText("by", "an expression such as cuisine");
        var most = WholeNumbers.Read(reader, "most", null, 1, MostPlaces, faults);
        var among = WholeNumbers.Read(reader, "among", null, 1, MostPlaces, faults);
        if (most > among)
        {
            faults.Add(section["most"]!, $"{most} among {among} places says nothing; exchange them.");
        }

        var reason = reader.Text("reason", "a reason such as too_many_of_a_kind")?.Text ?? DefaultReason;
        return by is null || most is null || among is null ? null : new(by, most.Value, among.Value, reason);
    }
}
