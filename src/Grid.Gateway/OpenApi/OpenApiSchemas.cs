using System.Text.Json.Nodes;

namespace Grid.Gateway.OpenApi;

/// <summary>Writes the schemas of requests and responses.</summary>
internal static class OpenApiSchemas
{
    public static JsonObject Of(GridSchema schema)
    {
        var schemas = new JsonObject();
        foreach (var happened in schema.Events)
        {
            schemas[EventName(happened.Type)] = Event(happened);
        }

        var decision = Object(
            ("decision_id", Text("Names this decision for ever.")),
            ("decision", OneOf(schema.Decisions.Select(known => known.Name))),
            ("owner", OpenApiDocument.Reference("Entity")),
            ("event_id", Text("The id of the event that asked.")),
            ("at", Moment("The decision's moment: the event time of its request.")),
            ("action", OneOf(schema.Decisions.SelectMany(known => known.Actions).Distinct())),
            ("score", Nullable("number", "What the model said; null where it said nothing.")),
            ("reasons", ArrayOf(Text("A reason of the rule that fired."))),
            ("features", ArrayOf(OpenApiDocument.Reference("Feature"))),
            ("model", Text("The model and its version.")),
            ("bundle", Text("The bundle and its version.")),
            ("fallback", Flag("True where the model could not score and the declared fallback was taken.")),
            ("duplicate", Flag("True where this is the first answer again.")));
        decision["properties"]!["outputs"] = new JsonObject
        {
            ["type"] = "object",
            ["additionalProperties"] = new JsonObject { ["type"] = new JsonArray("number", "null") },
            ["description"] = "There where the decision declares outputs: numbers computed from what the model said, by name.",
        };
        decision["properties"]!["timed_out"] = ArrayOf(Text("The full name of a feature that timed out."));
        schemas["Decision"] = decision;
        AddRankings(schema, schemas);
        var feature = Object(
            ("name", Text("The feature's full name.")),
            ("value", new JsonObject { ["type"] = new JsonArray("number", "string", "null"), ["description"] = "Null where it is missing." }),
            ("age_ms", Nullable("integer", "Age of the newest thing the value is made of; null where nothing was there to read.")));
        feature["properties"]!["source"] = OneOf(["replica", "stale_replica", "default", "missing"]);
        feature["properties"]!["source"]!["description"] = "There where the value is not the owner's own answer: what took its place.";
        feature["properties"]!["staleness_ms"] = Whole("Beside source: how long before the decision's moment a copy was read.");
        feature["properties"]!["approximate"] = Flag("There and true where the value was read from coarsened history.");
        schemas["Feature"] = feature;
        schemas["Entity"] = Object(("kind", OneOf(schema.Kinds.Select(kind => kind.Kind))), ("key", Text("The entity's key in its kind.")));
        schemas["EntityFeatures"] = Object(
            ("entity", OpenApiDocument.Reference("Entity")), ("at", Moment("The moment of reading.")), ("features", ArrayOf(OpenApiDocument.Reference("Feature"))));
        schemas["Receipt"] = Object(("outcome", OneOf(["accepted", "duplicate"])));
        schemas["StreamReceipt"] = Object(
            ("accepted", Whole("Lines taken in.")), ("duplicates", Whole("Lines that had been taken in before.")),
            ("rejected_count", Whole("Lines at fault.")), ("rejected", ArrayOf(OpenApiDocument.Reference("Rejection"))));
        schemas["Rejection"] = Object(
            ("line", Whole("Counted from 1.")), ("code", Text("A word for programs.")), ("field", Text("The field at fault; empty where the line as a whole is meant.")),
            ("found", Text("What was found.")), ("expected", Text("What is expected.")), ("detail", Text("The same as a sentence.")));
        schemas["Problem"] = Problem();
        return schemas;
    }

    public static string EventName(string type) => "event." + type;

    public static string RankingName(string decision) => "ranking." + decision;

    private static void AddRankings(GridSchema schema, JsonObject schemas)
    {
        var rankings = schema.Decisions.Where(decision => decision.Candidates is not null).ToList();
        foreach (var decision in rankings)
        {
            var candidates = decision.Candidates!;
            var request = Event(schema.Events.First(type => type.Type == decision.Event));
            var candidate = Fields($"A {candidates.Kind}, named by '{candidates.KeyField}'.", candidates.Fields);
            request["properties"]!["candidates"] = new JsonObject
            {
                ["type"] = "array",
                ["minItems"] = 1,
                ["maxItems"] = candidates.Most,
                ["items"] = candidate,
            };
            ((JsonArray)request["required"]!).Add((JsonNode)"candidates");
            schemas[RankingName(decision.Name)] = request;
        }

        if (rankings.Count == 0)
        {
            return;
        }

        var item = Object(
            ("key", Text("The candidate's key.")),
            ("place", Nullable("integer", "Its place, counted from 1; null where the policy drops it.")),
            ("action", OneOf(rankings.SelectMany(known => known.Actions).Distinct())),
            ("score", Nullable("number", "What the model said of it; null where it said nothing.")),
            ("reasons", ArrayOf(Text("A reason of the rule that fired, or of what moved it down."))),
            ("features", ArrayOf(OpenApiDocument.Reference("Feature"))),
            ("fallback", Flag("True where the model could not score it.")));
        item["properties"]!["by_fallback_model"] = Flag("Present and true where the fallback model scored the candidate: a feature of it timed out.");
        schemas["RankedItem"] = item;
        var ranking = Object(
            ("ranking_id", Text("Names this ranking for ever.")),
            ("decision", OneOf(rankings.Select(known => known.Name))),
            ("owner", OpenApiDocument.Reference("Entity")),
            ("event_id", Text("The id of the event that asked.")),
            ("at", Moment("The moment: the event time of the request.")),
            ("items", ArrayOf(OpenApiDocument.Reference("RankedItem"))),
            ("timed_out", ArrayOf(OpenApiDocument.Reference("Entity"))),
            ("model", Text("The model and its version.")),
            ("bundle", Text("The bundle and its version.")),
            ("fallback", Flag("True where the model could not score some candidate.")),
            ("duplicate", Flag("True where this is the first answer again.")));
        ranking["properties"]!["fallback_model"] = Text("Present where the decision's fallback model scored candidates: that model and its version.");
        schemas["Ranking"] = ranking;
    }

    private static JsonObject Event(EventSchema happened) => Fields(
        happened.Labels is null
            ? $"Event '{happened.Type}'. Its id is '{happened.IdField}': sending it again changes nothing."
            : $"Event '{happened.Type}': what became known later of a '{happened.Labels}'.",
        happened.Fields);

    private static JsonObject Fields(string what, IReadOnlyList<FieldSchema> fields)
    {
        var properties = new JsonObject();
        foreach (var field in fields)
        {
            properties[field.Name] = Field(field);
        }

        return new JsonObject
        {
            ["type"] = "object",
            ["description"] = what,
            ["properties"] = properties,
            ["required"] = Array(fields.Where(field => field.Required).Select(field => field.Name)),
            ["additionalProperties"] = false,
        };
    }

    private static JsonObject Field(FieldSchema field)
    {
        var shape = field.Type switch
        {
            FieldType.String => new JsonObject { ["type"] = "string" },
            FieldType.Integer => new JsonObject { ["type"] = "integer", ["format"] = "int64" },
            FieldType.Decimal => new JsonObject { ["type"] = "number", ["description"] = $"At most {field.Scale} decimal places." },
            FieldType.Number => new JsonObject { ["type"] = "number", ["format"] = "double" },
            FieldType.Boolean => new JsonObject { ["type"] = "boolean" },
            FieldType.Timestamp => new JsonObject { ["type"] = "string", ["format"] = "date-time" },
            _ => throw new ArgumentOutOfRangeException(nameof(field), field.Type, "A field has one of the declared types."),
        };
        if (field.Min is { } min)
        {
            shape["minimum"] = min;
        }

        if (field.Max is { } max)
        {
            shape["maximum"] = max;
        }

        return shape;
    }

    private static JsonObject Problem()
    {
        var problem = Object(
            ("type", Text("The code as a URN.")), ("title", Text("The problem in a few words.")), ("status", Whole("The HTTP status again.")),
            ("detail", Text("This very case.")), ("code", Text("A word for programs.")));
        foreach (var (name, what) in new[] { ("field", "The field at fault, where there is one."), ("found", "What was found."), ("expected", "What is expected.") })
        {
            problem["properties"]![name] = Text(what);
        }

        return problem;
    }

    private static JsonObject Object(params ReadOnlySpan<(string Name, JsonObject Shape)> properties)
    {
        var shapes = new JsonObject();
        var required = new JsonArray();
        foreach (var (name, shape) in properties)
        {
            shapes[name] = shape;
            required.Add((JsonNode)name);
        }

        return new JsonObject { ["type"] = "object", ["properties"] = shapes, ["required"] = required };
    }

    private static JsonObject Text(string what) => new() { ["type"] = "string", ["description"] = what };

    private static JsonObject Moment(string what) => new() { ["type"] = "string", ["format"] = "date-time", ["description"] = what };

    private static JsonObject Whole(string what) => new() { ["type"] = "integer", ["description"] = what };

    private static JsonObject Flag(string what) => new() { ["type"] = "boolean", ["description"] = what };

    private static JsonObject Nullable(string type, string what) => new() { ["type"] = new JsonArray(type, "null"), ["description"] = what };

    private static JsonObject ArrayOf(JsonObject items) => new() { ["type"] = "array", ["items"] = items };

    private static JsonObject OneOf(IEnumerable<string> texts) => new() { ["type"] = "string", ["enum"] = Array(texts) };

    private static JsonArray Array(IEnumerable<string> texts) => new([.. texts.Select(text => (JsonNode)text)]);
}
