using Grid.Decisions.Plans;
using Grid.Features.Definitions;
using Grid.Features.Definitions.Yaml;
using Grid.Features.Naming;

namespace Grid.Decisions.Definitions;

/// <summary>A fallback model while it is read: its vector as indexes into that of the decision.</summary>
internal sealed record FallbackModelDraft(YamlValue At, ModelPlan Model, IReadOnlyList<(YamlText At, int Element)> Elements, FeatureSource From)
{
    public FallbackModelPlan Plan() => new(Model, [.. Elements.Select(element => element.Element)], From);
}

/// <summary>Reads the <c>fallback_model</c> of a decision, which scores if a feature of the vector timed out.</summary>
internal sealed class FallbackModelReader(IReadOnlyDictionary<string, ModelDefinition> named, ModelCheck check, DiagnosticList faults)
{
    private const string Expected = "a mapping such as { model: small, features: [amount] }";
    private const string ExpectedModel = "the name of one of the bundle's models";
    private const string ExpectedFeatures = "a list of elements of the decision's vector, in the model's order";
    private const string ExpectedFrom = "stale_replica, default or missing";
    private static readonly string[] Keys = ["model", "features", "from"];

    /// <summary>The fallback model; null if the decision has none or (with a diagnostic) it is invalid.</summary>
    /// <param name="decision">The decision's name.</param>
    /// <param name="reader">The definition of the decision.</param>
    /// <param name="vector">The complete vector of the decision.</param>
    /// <param name="own">The decision's own model; null if it is invalid.</param>
    public FallbackModelDraft? Read(string decision, MapReader reader, IReadOnlyList<VectorDraft> vector, ModelDefinition? own)
    {
        if (reader.Section("fallback_model", Expected) is not { } section)
        {
            return null;
        }

        if (reader.Map["deadline"] is null)
        {
            faults.Add(section, "Without a deadline no feature times out; give the decision a 'deadline', or remove the fallback model.");
        }

        var map = new MapReader(section, faults);
        map.Only(Keys);
        var model = Model(map.RequiredText("model", ExpectedModel), own);
        map.Require("features", ExpectedFeatures);
        var list = map.List("features", ExpectedFeatures);
        var elements = Elements(list, vector);
        var from = From(map.Text("from", ExpectedFrom));
        if (model?.Plan is null || list is null || elements.Count == 0 || elements.Count < list.Items.Count)
        {
            return null;
        }

        check.CheckFallback(model, decision, [.. elements.Select(element => vector[element.Element].Name)]);
        return new(section, model.Plan, elements, from);
    }

    private ModelDefinition? Model(YamlText? name, ModelDefinition? own)
    {
        if (name is null)
        {
            return null;
        }

        if (!named.TryGetValue(name.Text, out var model))
        {
            faults.Add(name, $"There is no model {name.Words} under 'models'.{NearNames.Hint(name.Text, named.Keys)}");
            return null;
        }

        if (ReferenceEquals(model, own))
        {
            faults.Add(name, $"{name.Words} is the decision's own model; expected another one, which needs no feature that can time out.");
            return null;
        }

        if (own?.Plan is { } plan && model.Plan is { } small && !small.Columns.SequenceEqual(plan.Columns))
        {
            faults.Add(name, $"It gives {ModelsReader.Described(small.Columns)}, where the decision's own model gives {ModelsReader.Described(plan.Columns)}; expected a model that gives the same.");
        }

        return model;
    }

    private List<(YamlText At, int Element)> Elements(YamlList? list, IReadOnlyList<VectorDraft> vector)
    {
        var elements = new List<(YamlText At, int Element)>();
        if (list is { Items: [] })
        {
            faults.Add(list, $"Expected {ExpectedFeatures}, found nothing.");
        }

        foreach (var item in list?.Items ?? [])
        {
            if (item is not YamlText { IsEmpty: false } name)
            {
                faults.Add(item, $"Expected the name of an element of the decision's vector, found {item.Words}.");
                continue;
            }

            var place = vector.ToList().FindIndex(element => element.Name == name.Text);
            if (place < 0)
            {
                faults.Add(name, $"The decision's vector has no {name.Words}.{NearNames.Hint(name.Text, vector.Select(element => element.Name))}");
            }
            else if (elements.Exists(before => before.Element == place))
            {
                faults.Add(name, $"{name.Words} is there twice; leave one out.");
            }
            else
            {
                elements.Add((name, place));
            }
        }

        return elements;
    }

    private FeatureSource From(YamlText? text)
    {
        switch (text?.Text)
        {
            case null or "missing":
                return FeatureSource.Missing;
            case "default":
                return FeatureSource.Default;
            case "stale_replica":
                return FeatureSource.StaleReplica;
            default:
                faults.Add(text, $"Found {text.Words}; expected the feature source from which on the model scores: {ExpectedFrom}.");
                return FeatureSource.Missing;
        }
    }
}
