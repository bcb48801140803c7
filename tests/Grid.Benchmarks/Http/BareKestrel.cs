using System.Net;
using System.Text.Json.Serialization;

using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Grid.Benchmarks;

/// <summary>The baseline: an endpoint as anybody would write it, that reads a payment from JSON and answers JSON, and decides nothing.</summary>
internal static class BareKestrel
{
    public static async Task<(WebApplication Server, IPEndPoint Address)> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        builder.Services.ConfigureHttpJsonOptions(json => json.SerializerOptions.TypeInfoResolverChain.Insert(0, BareJson.Default));
        var server = builder.Build();
        server.MapPost("/v1/decisions/authorize", (BarePayment payment) => new BareAnswer(payment.transaction_id, "approve", 0.01));
        await server.StartAsync();
        return (server, IPEndPoint.Parse(new Uri(server.Urls.Single()).Authority));
    }
}

internal sealed record BarePayment(string transaction_id, DateTimeOffset at, string card, string terminal, decimal amount);

internal sealed record BareAnswer(string transaction_id, string action, double score);

[JsonSerializable(typeof(BarePayment))]
[JsonSerializable(typeof(BareAnswer))]
internal sealed partial class BareJson : JsonSerializerContext;
