using System.Text.Json.Nodes;
using Grid.Gateway.OpenApi;
using Grid.Json;
using Grid.Testing;

namespace Grid.Gateway.Tests;

public sealed class DescriptionTests
{
    /// <summary>The document is what partners build on: it changes by a decision, not by accident.</summary>
    [Fact]
    public void The_OpenAPI_document_is_the_approved_one()
    {
        var approved = Path.Combine(Repository.Root, "tests", "Grid.Gateway.Tests", "openapi.approved.json");
        var received = approved.Replace(".approved.", ".received.", StringComparison.Ordinal);
        var text = OpenApiDocument.Write(ScriptedGrid.Fraud);
        if (File.Exists(approved) && File.ReadAllText(approved) == text)
        {
            File.Delete(received);
            return;
        }

        File.WriteAllText(received, text);
        Assert.Fail($"The document is not the approved one. Look at the difference and accept it with: mv '{received}' '{approved}'");
    }

    [Fact]
    public async Task Every_address_of_the_OpenAPI_document_is_there_and_every_reference_leads_somewhere()
    {
        await using var host = await GatewayHost.StartAsync(new ScriptedGrid());

        var (_, document) = await host.GetAsync("/openapi/v1.json");

        var schemas = document["components"]!["schemas"]!.AsObject();
        Assert.All(References(document), reference => Assert.True(schemas.ContainsKey(reference["#/components/schemas/".Length..]), reference));
        foreach (var (path, operations) in document["paths"]!.AsObject())
        {
            var address = path.Replace("{id}", "d-1", StringComparison.Ordinal).Replace("{kind}", "card", StringComparison.Ordinal).Replace("{key}", "1", StringComparison.Ordinal);
            foreach (var (method, _) in operations!.AsObject())
            {
                using var request = new HttpRequestMessage(new HttpMethod(method), new Uri(address, UriKind.Relative));
                using var answer = await host.Client.SendAsync(request, TestContext.Current.CancellationToken);
                Assert.False(answer.StatusCode is System.Net.HttpStatusCode.NotFound or System.Net.HttpStatusCode.MethodNotAllowed, $"{method} {path}: {answer.StatusCode}");
            }
        }
    }

    [Fact]
    public async Task The_schema_is_read_back_as_it_was()
    {
        await using var host = await GatewayHost.StartAsync(new ScriptedGrid());

        var bytes = await host.Client.GetByteArrayAsync(new Uri("/v1/schema", UriKind.Relative), TestContext.Current.CancellationToken);

        Assert.Equivalent(ScriptedGrid.Fraud, SchemaJson.Read(bytes), strict: true);
    }

    private static IEnumerable<string> References(JsonNode? node) => node switch
    {
        JsonObject all => all.SelectMany(one => one.Key == "$ref" ? [(string)one.Value!] : References(one.Value)),
        JsonArray all => all.SelectMany(References),
        _ => [],
    };
}
