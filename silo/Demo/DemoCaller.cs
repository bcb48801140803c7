using System.Buffers;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Grid.Json;
using Grid.Simulation.Fraud;

namespace Grid.Silo.Demo;

/// <summary>Calls the silo as any caller would: JSON over HTTP.</summary>
internal sealed class DemoCaller : IDisposable
{
    private static readonly MediaTypeHeaderValue Json = new("application/json");
    private static readonly MediaTypeHeaderValue NdJson = new("application/x-ndjson");
    private readonly HttpClient _http;

    public DemoCaller(Uri address) => _http = new(new SocketsHttpHandler { MaxConnectionsPerServer = 64 }) { BaseAddress = address };

    public async Task<Decision> AuthorizeAsync(SimulatedTransaction payment, CancellationToken cancellation) =>
        DecisionJson.Read(await PostAsync("/v1/decisions/authorize", Json, [EventOf(payment)], cancellation));

    public async Task ReportAsync(SimulatedTransaction fraud, CancellationToken cancellation) =>
        await PostAsync("/v1/events/fraud_report", Json, [ReportOf(fraud)], cancellation);

    /// <summary>Asks for any decision.</summary>
    public async Task<Decision> DecideAsync(string decision, Event request, CancellationToken cancellation) =>
        DecisionJson.Read(await PostAsync("/v1/decisions/" + decision, Json, [request], cancellation));

    /// <summary>Asks for a ranking of candidates.</summary>
    public async Task<Ranking> RankAsync(string decision, Event request, IReadOnlyList<Event> candidates, CancellationToken cancellation)
    {
        var body = new ArrayBufferWriter<byte>(4_096);
        using (var writer = new Utf8JsonWriter(body, GridJson.WriterOptions))
        {
            RankingJson.WriteRequest(writer, (request, candidates));
        }

        return RankingJson.Read(await PostAsync("/v1/decisions/" + decision, Json, body.WrittenMemory, cancellation));
    }

    /// <summary>Tells one event.</summary>
    public async Task TellAsync(Event happened, CancellationToken cancellation) =>
        await PostAsync("/v1/events/" + happened.Type, Json, [happened], cancellation);

    /// <summary>Loads a file of batch features, one entity a line.</summary>
    public async Task<BatchReceipt> LoadAsync(string kind, ReadOnlyMemory<byte> lines, CancellationToken cancellation) =>
        BatchJson.ReadReceipt(await PostAsync("/v1/batches/" + kind, NdJson, lines, cancellation));

    /// <summary>Reads an entity's features as of a moment.</summary>
    public async Task<EntityFeatures> FeaturesAsync(EntityId entity, EventTime at, CancellationToken cancellation) =>
        EntityFeaturesJson.Read(await _http.GetByteArrayAsync(new Uri($"/v1/entities/{entity.Kind}/{Uri.EscapeDataString(entity.Key)}/features?at={at}", UriKind.Relative), cancellation));

    /// <summary>Tells many events of one type in one request.</summary>
    /// <exception cref="InvalidOperationException">The grid rejected one of them.</exception>
    public async Task TellAsync(string type, IEnumerable<Event> events, CancellationToken cancellation)
    {
        var receipt = ReceiptJson.ReadBatch(await PostAsync("/v1/events/" + type, NdJson, events, cancellation));
        if (receipt.Rejected.Count > 0)
        {
            throw new InvalidOperationException($"Of the history, line {receipt.Rejected[0].Line} of '{type}' was rejected: {receipt.Rejected[0].ValidationError}");
        }
    }

    public static Event EventOf(in SimulatedTransaction payment) => new("transaction")
    {
        ["transaction_id"] = IdOf(payment),
        ["at"] = payment.At.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", System.Globalization.CultureInfo.InvariantCulture),
        ["card"] = $"{payment.CustomerId}",
        ["terminal"] = $"{payment.TerminalId}",
        ["amount"] = payment.Amount,
    };

    public static Event ReportOf(in SimulatedTransaction fraud) => new("fraud_report")
    {
        ["transaction_id"] = IdOf(fraud),
        ["at"] = (fraud.At + DemoOptions.ReportDelay).UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", System.Globalization.CultureInfo.InvariantCulture),
        ["is_fraud"] = true,
    };

    public void Dispose() => _http.Dispose();

    private static string IdOf(in SimulatedTransaction payment) => $"demo-{payment.TransactionId}";

    private async Task<byte[]> PostAsync(string path, MediaTypeHeaderValue type, IEnumerable<Event> events, CancellationToken cancellation)
    {
        var body = new ArrayBufferWriter<byte>(512);
        using (var writer = new Utf8JsonWriter(body, GridJson.WriterOptions))
        {
            foreach (var happened in events)
            {
                EventJson.Write(writer, happened);
                writer.Flush();
                writer.Reset();
                body.Write("\n"u8);
            }
        }

        return await PostAsync(path, type, body.WrittenMemory, cancellation);
    }

    private async Task<byte[]> PostAsync(string path, MediaTypeHeaderValue type, ReadOnlyMemory<byte> body, CancellationToken cancellation)
    {
        using var content = new ReadOnlyMemoryContent(body);
        content.Headers.ContentType = type;
        using var answer = await _http.PostAsync(new Uri(path, UriKind.Relative), content, cancellation);
        var bytes = await answer.Content.ReadAsByteArrayAsync(cancellation);
        return answer.IsSuccessStatusCode ? bytes : throw new InvalidOperationException($"{path} answered {(int)answer.StatusCode}: {Encoding.UTF8.GetString(bytes)}");
    }
}
