using Grid.Features.Definitions;
using Grid.Features.Definitions.Kinds;
using Grid.Features.Definitions.Yaml;
using Grid.Features.Naming;
using Grid.Features.Plans;

namespace Grid.Decisions.Definitions;

/// <summary>One element of a vector while it is read: a field of the request, a feature, or an expression.</summary>
internal sealed record VectorDraft(string Name, YamlText At)
{
    public int Slot { get; init; } = -1;

    public (KindPlan Kind, int Feature)? Feature { get; init; }

    public YamlText? Expression { get; init; }
}

/// <summary>Reads the list <c>features</c> of a decision.</summary>
internal sealed class VectorReader(Request request, DiagnosticList faults)
{
    private readonly Dictionary<string, YamlText> _names = new(StringComparer.Ordinal);

    public IReadOnlyList<VectorDraft> Read(YamlList list)
    {
        if (list.Items.Count == 0)
        {
            faults.Add(list, "The vector is empty; expected the names of fields and features, in the model's order.");
        }

        return [.. list.Items.Select(Element).OfType<VectorDraft>()];
    }

    private VectorDraft? Element(YamlValue item)
    {
        switch (item)
        {
            case YamlText { IsEmpty: false } name:
                return IsNew(name) ? Named(name) : null;
            case YamlMap { Entries: [{ Value: YamlText { IsEmpty: false } expression } only] }:
                return OnDemand(only.Key, expression);
            default:
                faults.Add(
                    item, $"Expected a field of the request, a feature such as {Example()}, or name: \"an expression\", found {item.Words}.");
                return null;
        }
    }

    private string Example() => request.FeatureNames.FirstOrDefault() ?? "kind.feature";

    private bool IsNew(YamlText name)
    {
        if (_names.TryAdd(name.Text, name))
        {
            return true;
        }

        faults.Add(name, $"{name.Words} is in the vector already, in line {_names[name.Text].Mark.Line}; leave one out.");
        return false;
    }

    private VectorDraft? OnDemand(YamlText name, YamlText expression)
    {
        Names.Check(name, faults);
        if (request.On.Fields.Any(sent => sent.Name == name.Text) || name.Text == RequestScope.ScoreName)
        {
            var what = name.Text == RequestScope.ScoreName ? "what the model gives" : $"a field of '{request.On.Name}'";
            faults.Add(name, $"{name.Words} is {what}; expected another name.");
            return null;
        }

        return IsNew(name) ? new(name.Text, name) { Expression = expression } : null;
    }

    private VectorDraft? Named(YamlText name)
    {
        var dot = name.Text.IndexOf('.', StringComparison.Ordinal);
        if (dot > 0 && request.Kinds.TryGetValue(name.Text[..dot], out var found))
        {
            return Feature(name, found.Kind, name.Text[(dot + 1)..]);
        }

        for (var slot = 0; slot < request.On.Fields.Count; slot++)
        {
            if (request.On.Fields[slot].Name == name.Text)
            {
                return Field(name, request.On.Fields[slot], slot);
            }
        }

        Unknown(name);
        return null;
    }

    private VectorDraft? Field(YamlText name, FieldPlan field, int slot)
    {
        if (field.IsLabel)
        {
            faults.Add(name, $"{name.Words} is filled in by a label, later; at the moment of the decision nobody knows it.");
            return null;
        }

        if (field.Since is not null)
        {
            faults.Add(name, $"{name.Words} is measured where the event is kept; expected a feature such as {{ last: {request.On.Name}.{name.Text} }}.");
            return null;
        }

        var why = field.Type switch
        {
            FieldType.String => "is text; expected a number or a boolean, such as the expression if(x = 'a', 1, 0)",
            FieldType.Timestamp => $"is a moment, too long for a vector's 32-bit numbers; expected an expression such as hour({name.Text})",
            _ => null,
        };
        if (why is not null)
        {
            faults.Add(name, $"{name.Words} {why}.");
        }

        return field.Type == FieldType.None || why is not null ? null : new(name.Text, name) { Slot = slot };
    }

    private VectorDraft? Feature(YamlText name, KindDefinition kind, string feature)
    {
        if (kind.Broken.Contains(feature))
        {
            return null;
        }

        if (kind.Plan.Features.FirstOrDefault(known => known.Name == feature) is not { } plan)
        {
            Unknown(name);
            return null;
        }

        if (plan.IsText)
        {
            faults.Add(
                name, $"{name.Words} is text; expected a number or a boolean, such as the expression if({name.Text} = 'a', 1, 0).");
            return null;
        }

        return new(name.Text, name) { Feature = (kind.Plan, plan.Ordinal) };
    }

    private void Unknown(YamlText name)
    {
        if (request.MissingKeyOf(name.Text) is { } why)
        {
            faults.Add(name, why);
            return;
        }

        var isName = name.Text.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '.');
        var asExpression = isName ? "" : " An expression has a name: \"name: expression\".";
        faults.Add(
            name, $"There is no field or feature {name.Words} "
            + $"here.{NearNames.Hint(name.Text, request.FieldNames.Concat(request.FeatureNames))}{asExpression}");
    }
}
