using Grid.Decisions.Plans;
using Grid.Features.Definitions;
using Grid.Features.Definitions.Yaml;
using Grid.Features.Naming;
using Grid.Features.Plans;

namespace Grid.Decisions.Definitions;

/// <summary>Reads a decision: its event, owner, vector, model and policy.</summary>
internal sealed class DecisionReader(
    ReadDefinitions definitions,
    ModelsReader models,
    IReadOnlyDictionary<string, ModelDefinition> named,
    ModelCheck check,
    DiagnosticList faults)
{
    private const string ExpectedVector = "a list of the vector's elements, in the model's order";
    private const string ExpectedModel = "the name of one of the bundle's models, or { file:, input:, score: }";
    private static readonly string[] Keys = ["on", "owner", "candidates", "features", "reads", "deadline", "model", "fallback_model", "outputs", "policy", "order", "fallback"];

    /// <param name="entry">The definition.</param>
    /// <param name="ordinal">Its index among the decisions.</param>
    /// <param name="instead">The model that overrides its own; null for none.</param>
    public DecisionPlan? Read(YamlEntry entry, int ordinal, ModelDefinition? instead)
    {
        Names.Check(entry.Key, faults);
        if (entry.Value is not YamlMap map)
        {
            faults.Add(entry.Value, $"Found {entry.Value.Words}; a decision is a mapping with the keys {string.Join(", ", Keys)}.");
            return null;
        }

        var reader = new MapReader(map, faults);
        reader.Only(Keys);
        var request = ReadRequest(reader) is { } plain ? new CandidatesReader(definitions, faults).Read(entry.Name, reader, plain) : null;
        reader.Require("features", ExpectedVector);
        var list = reader.List("features", ExpectedVector);
        var own = ReadModel(entry.Name, reader);
        var model = instead ?? own;
        var policy = new PolicyReader(faults);
        var rules = policy.Rules(reader);
        var fallback = policy.Fallback(reader, rules);
        if (request is null || list is null)
        {
            return null;
        }

        var freshness = new FreshnessReader(request, faults).Read(reader);
        var order = new OrderReader(faults).Read(reader, request, rules.Select(rule => rule.Action).Append(fallback?.Action ?? ""));
        var vector = new VectorReader(request, faults).Read(list);
        if (model is not null && vector.Count > 0 && vector.Count == list.Items.Count)
        {
            check.Check(model, entry.Name, [.. vector.Select(element => element.Name)]);
        }

        var columns = model?.Plan?.Columns ?? [];
        if (own?.Plan is { } first && !first.Columns.SequenceEqual(columns))
        {
            faults.Add(model!.At, $"It gives {ModelsReader.Described(columns)}, where the decision '{entry.Name}' is scored by {ModelsReader.Described(first.Columns)}; expected a model that gives the same.");
        }

        var late = vector.Count == list.Items.Count ? new FallbackModelReader(named, check, faults).Read(entry.Name, reader, vector, own) : null;
        var outputs = new OutputsReader(faults).Read(reader, Taken(request, vector, columns, model?.At ?? map));

        // The first pass collects inputs and diagnostics; the second compiles with the final layout.
        var assembly = new DecisionAssembly(request, vector, columns, outputs, rules, freshness, late, order, faults);
        assembly.Survey();
        return faults.IsEmpty ? assembly.Plan(ordinal, entry.Name, model!.Plan!, fallback!) : null;
    }

    /// <summary>The names that an output cannot have, with their meanings.</summary>
    private Dictionary<string, string> Taken(Request request, IReadOnlyList<VectorDraft> vector, IReadOnlyList<string> columns, YamlValue at)
    {
        var taken = new Dictionary<string, string>(StringComparer.Ordinal) { [RequestScope.ScoreName] = "what the model gives" };
        foreach (var field in request.On.Fields)
        {
            taken.TryAdd(field.Name, $"a field of '{request.On.Name}'");
        }

        foreach (var element in vector)
        {
            taken.TryAdd(element.Name, "in the vector");
        }

        foreach (var column in columns)
        {
            if (!taken.TryAdd(column, "what the model gives"))
            {
                faults.Add(at, $"The model's column '{column}' is {taken[column]} too; expected another name for one of them.");
            }
        }

        return taken;
    }

    private Request? ReadRequest(MapReader reader)
    {
        var on = reader.RequiredText("on", "the name of the event that asks") is { } eventName ? Event(eventName) : null;
        var owner = reader.RequiredText("owner", "the kind that owns the decision");
        if (owner is not null && definitions.Kinds.All(kind => kind.Plan.Name != owner.Text))
        {
            faults.Add(
                owner, $"There is no kind {owner.Words}.{NearNames.Hint(owner.Text, definitions.Kinds.Select(kind => kind.Plan.Name))}");
            return null;
        }

        if (on is null || owner is null || on.Fields.Count == 0)
        {
            return null;
        }

        var kinds = on.Keys.ToDictionary(
            key => definitions.Kinds[key.Kind].Plan.Name, key => (definitions.Kinds[key.Kind], key.KeySlot), StringComparer.Ordinal);
        if (!kinds.TryGetValue(owner.Text, out var owning))
        {
            faults.Add(
                owner, $"'{on.Name}' has no key of kind {owner.Words}, so that kind cannot own the "
                + $"decision.{NearNames.Hint(owner.Text, kinds.Keys)}");
            return null;
        }

        var without = definitions.Kinds.Select(kind => kind.Plan.Name).Where(kind => !kinds.ContainsKey(kind));
        return new(on, owning.Item1, kinds, without.ToHashSet(StringComparer.Ordinal));
    }

    private EventPlan? Event(YamlText name)
    {
        var plain = definitions.Events.Where(known => known.Label is null).Select(known => known.Name);
        var plan = definitions.Events.FirstOrDefault(known => known.Name == name.Text);
        if (plan is null)
        {
            faults.Add(name, $"There is no event {name.Words}.{NearNames.Hint(name.Text, plain)}");
        }
        else if (plan.Label is not null)
        {
            faults.Add(name, $"{name.Words} is a label; a decision is asked for by a plain event.{NearNames.Hint(name.Text, plain)}");
            return null;
        }
        else if (plan.Fields.FirstOrDefault(sent => sent.Name == RequestScope.ScoreName) is not null)
        {
            faults.Add(
                name, $"{name.Words} has a field 'score', which is what a policy calls the model's score; give the field another name.");
        }

        return plan;
    }

    private ModelDefinition? ReadModel(string decision, MapReader reader)
    {
        reader.Require("model", ExpectedModel);
        if (reader.Map["model"] is YamlMap inPlace)
        {
            return models.Read(decision, inPlace);
        }

        if (reader.Text("model", ExpectedModel) is not { } name)
        {
            return null;
        }

        if (!named.TryGetValue(name.Text, out var model))
        {
            faults.Add(name, $"There is no model {name.Words} under 'models'.{NearNames.Hint(name.Text, named.Keys)}");
        }

        return model;
    }
}
