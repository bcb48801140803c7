using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Grid.Gateway.OpenApi;

/// <summary>
/// Writes the OpenAPI 3.1 description of the gateway, including the events, kinds and decisions of the bundle. Generated from the schema,
/// because the endpoints read their bodies themselves and no framework can infer them.
/// </summary>
internal static class OpenApiDocument
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Write(GridSchema schema)
    {
        var document = new JsonObject
        {
            ["openapi"] = "3.1.0",
            ["info"] = new JsonObject
            {
                ["title"] = $"The grid, serving bundle {schema.Bundle}",
                ["version"] = schema.Version,
                ["description"] = "Features and decisions in the turn of the entity that owns them. Moments are ISO 8601 in UTC; ages are milliseconds.",
            },
            ["paths"] = OpenApiPaths.Of(schema),
            ["components"] = new JsonObject
            {
                ["schemas"] = OpenApiSchemas.Of(schema),
                ["securitySchemes"] = new JsonObject
                {
                    ["bearer"] = new JsonObject { ["type"] = "http", ["scheme"] = "bearer", ["description"] = "Where keys are configured." },
                    ["key"] = new JsonObject { ["type"] = "apiKey", ["in"] = "header", ["name"] = "X-Api-Key", ["description"] = "The same key, in a header of its own." },
                },
            },
            ["security"] = new JsonArray(new JsonObject(), new JsonObject { ["bearer"] = new JsonArray() }, new JsonObject { ["key"] = new JsonArray() }),
        };
        return document.ToJsonString(Indented) + "\n";
    }

    public static JsonObject Reference(string name) => new() { ["$ref"] = "#/components/schemas/" + name };
}
