using System.Text.Json.Nodes;
using Grid.Gateway.Wire;

namespace Grid.Gateway.OpenApi;

/// <summary>Writes the paths with their requests and responses.</summary>
internal static class OpenApiPaths
{
    private static readonly (int Status, string What)[] Problems =
    [
        (400, "The input is invalid; 'field', 'found' and 'expected' say what is wrong."),
        (401, "A key is needed."),
        (404, "Nothing of that name."),
        (409, "The event id belongs to an earlier event with another owner or other content; nothing was changed."),
        (413, "The body is too large."),
        (415, "The content type does not fit, or the content encoding is neither gzip nor none."),
        (503, "The grid takes no new work now; 'Retry-After' says when to ask again."),
        (504, "The answer was not there in time. Asking again with the same event id is safe."),
    ];

    public static JsonObject Of(GridSchema schema)
    {
        var paths = new JsonObject();
        foreach (var decision in schema.Decisions)
        {
            paths[$"/v1/decisions/{decision.Name}"] = decision.Candidates is not null ? Ranking(decision) : new JsonObject
            {
                ["post"] = Operation($"decide_{decision.Name}", $"Makes the decision '{decision.Name}', in one turn of the {decision.OwnerKind} that owns it.",
                    Json("Decision"), [400, 401, 409, 413, 415, 503, 504], Body((Answer.Json, OpenApiSchemas.EventName(decision.Event)))),
            };
        }

        paths["/v1/decisions/{id}"] = new JsonObject
        {
            ["get"] = Operation("find_decision", "Finds a decision that was made.", Json("Decision"), [401, 404, 503, 504], parameters: [InPath("id")]),
        };
        foreach (var happened in schema.Events)
        {
            paths[$"/v1/events/{happened.Type}"] = new JsonObject
            {
                ["post"] = Operation($"observe_{happened.Type}", $"Takes in one '{happened.Type}', or many as NDJSON.",
                    new JsonObject { [Answer.Json] = new JsonObject { ["schema"] = new JsonObject { ["oneOf"] = new JsonArray(OpenApiDocument.Reference("Receipt"), OpenApiDocument.Reference("StreamReceipt")) } } },
                    [400, 401, 409, 413, 415, 503, 504],
                    Body((Answer.Json, OpenApiSchemas.EventName(happened.Type)), (Gateway.Wire.Body.NdJson, OpenApiSchemas.EventName(happened.Type)))),
            };
        }

        paths["/v1/entities/{kind}/{key}/features"] = new JsonObject
        {
            ["get"] = Operation("read_features", "Reads every feature of an entity, at any moment.", Json("EntityFeatures"), [400, 401, 404, 503, 504],
                parameters: [InPath("kind"), InPath("key"), At()]),
        };
        paths["/v1/batches/{kind}"] = new JsonObject
        {
            ["post"] = Operation("load_batch", "Loads values of batch features, an entity a line; they take the place of those before as a whole.", Plain(Answer.Json),
                [400, 401, 404, 413, 415, 503], Lines(), InPath("kind")),
        };
        paths["/v1/models/{name}/reload"] = new JsonObject
        {
            ["post"] = Operation("reload_model", "Reads a model's file again, in this process; an administrator's key is needed where keys are configured.", Plain(Answer.Json),
                [400, 401, 404], parameters: [InPath("name")]),
        };
        paths["/v1/features"] = new JsonObject
        {
            ["get"] = Operation("list_features", "Every feature with its tier, its window, and what reading it costs.", Plain(Answer.Json), [401, 503, 504]),
        };
        paths["/v1/schema"] = new JsonObject { ["get"] = Operation("schema", "What the bundle defines.", Plain(Answer.Json), [401]) };
        paths["/health/live"] = new JsonObject { ["get"] = Operation("live", "The process answers.", Plain(Answer.Json), []) };
        paths["/health/ready"] = new JsonObject { ["get"] = Operation("ready", "The process can take work now; with 503, why not.", Plain(Answer.Json), []) };
        paths["/metrics"] = new JsonObject { ["get"] = Operation("metrics", "Measurements, as Prometheus reads them.", Plain("text/plain"), [401]) };
        return paths;
    }

    private static JsonObject Ranking(DecisionSchema decision) => new()
    {
        ["post"] = Operation($"rank_{decision.Name}", $"Ranks candidates by '{decision.Name}', in one turn of the {decision.OwnerKind} that owns it.",
            Json("Ranking"), [400, 401, 409, 413, 415, 503, 504], Body((Answer.Json, OpenApiSchemas.RankingName(decision.Name)))),
    };

    private static JsonObject Operation(
        string id, string summary, JsonObject answer, ReadOnlySpan<int> problems, JsonObject? body = null, params ReadOnlySpan<JsonObject> parameters)
    {
        var operation = new JsonObject { ["operationId"] = id, ["summary"] = summary };
        if (parameters.Length > 0)
        {
            operation["parameters"] = new JsonArray([.. parameters]);
        }

        if (body is not null)
        {
            operation["requestBody"] = body;
        }

        var answers = new JsonObject { ["200"] = new JsonObject { ["description"] = "Done.", ["content"] = answer } };
        foreach (var (status, what) in Problems)
        {
            if (problems.Contains(status))
            {
                answers[status.ToString(System.Globalization.CultureInfo.InvariantCulture)] = new JsonObject
                {
                    ["description"] = what,
                    ["content"] = new JsonObject { [Answer.ProblemJson] = new JsonObject { ["schema"] = OpenApiDocument.Reference("Problem") } },
                };
            }
        }

        operation["responses"] = answers;
        return operation;
    }

    private static JsonObject Body(params ReadOnlySpan<(string ContentType, string Schema)> forms)
    {
        var content = new JsonObject();
        foreach (var (contentType, schema) in forms)
        {
            content[contentType] = new JsonObject { ["schema"] = OpenApiDocument.Reference(schema) };
        }

        return new JsonObject { ["required"] = true, ["content"] = content };
    }

    private static JsonObject Json(string schema) => new() { [Answer.Json] = new JsonObject { ["schema"] = OpenApiDocument.Reference(schema) } };

    private static JsonObject Plain(string contentType) => new() { [contentType] = new JsonObject() };

    private static JsonObject InPath(string name) =>
        new() { ["name"] = name, ["in"] = "path", ["required"] = true, ["schema"] = new JsonObject { ["type"] = "string" } };

    private static JsonObject Lines() => new()
    {
        ["required"] = true,
        ["content"] = new JsonObject { [Gateway.Wire.Body.NdJson] = new JsonObject { ["schema"] = new JsonObject { ["type"] = "object" } } },
    };

    private static JsonObject At() => new()
    {
        ["name"] = "at",
        ["in"] = "query",
        ["description"] = "The moment: ISO 8601, or Unix milliseconds. Now where it is not there.",
        ["schema"] = new JsonObject { ["type"] = "string" },
    };
}
