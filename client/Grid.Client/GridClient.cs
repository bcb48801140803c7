using System.Buffers;
using System.Text;
using System.Text.Json;
using Grid.Json;

namespace Grid.Client;

/// <summary>
/// The grid over HTTP: the contract of the embedded host, through a gateway. Transient failures are retried (see
/// <see cref="GridClientOptions.Retries"/>). Safe for concurrent use; create one per process.
/// </summary>
public sealed class GridClient : IGrid, IDisposable
{
    private const string Json = "application/json";
    private const string NdJson = "application/x-ndjson";
    private readonly GatewayLink _link;
    private readonly GridClientOptions _options;

    private GridClient(GatewayLink link, GridClientOptions options, GridSchema schema) => (_link, _options, Schema) = (link, options, schema);

    public GridSchema Schema { get; }

    /// <summary>Connects to a gateway and reads its schema.</summary>
    /// <param name="address">Where the gateway is, such as <c>http://127.0.0.1:8080</c>.</param>
    /// <param name="options">Settings; null uses the defaults.</param>
    /// <param name="cancellation">Stops waiting.</param>
    /// <param name="handler">The handler that sends the requests, disposed with the client; null creates one.</param>
    /// <exception cref="GridException">The gateway cannot be reached or rejects the request.</exception>
    public static async Task<GridClient> ConnectAsync(
        Uri address, GridClientOptions? options, CancellationToken cancellation, HttpMessageHandler? handler = null)
    {
        ArgumentNullException.ThrowIfNull(address);
        options ??= new();
        options.Check();
        var link = new GatewayLink(address, options, handler);
        try
        {
            var schema = Read(await link.GetAsync("/v1/schema", cancellation).ConfigureAwait(false), SchemaJson.Read);
            return new(link, options, schema);
        }
        catch
        {
            link.Dispose();
            throw;
        }
    }

    public async ValueTask<EventReceipt> IngestAsync(Event happened, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(happened);
        try
        {
            var body = GridJson.Utf8(happened, EventJson.Write);
            return Read(await _link.PostAsync($"/v1/events/{Escaped(happened.Type)}", body, Json, cancellation).ConfigureAwait(false), ReceiptJson.Read);
        }
        catch (GridException refused) when (refused.Error is GridError.InvalidInput or GridError.UnknownName && refused.ValidationError is not null)
        {
            return EventReceipt.Rejected(refused.ValidationError);
        }
        catch (GridException refused) when (refused is { Error: GridError.IdConflict, ValidationError: { } conflict })
        {
            return EventReceipt.Conflict(conflict);
        }
    }

    /// <summary>
    /// Ingests many events of one type, up to <see cref="GridClientOptions.EventsPerRequest"/> per request. The whole call may be repeated:
    /// events ingested before count as duplicates.
    /// </summary>
    /// <param name="type">The type of every event.</param>
    /// <param name="events">The events; each may be the same instance filled again.</param>
    /// <param name="cancellation">Stops sending; events already sent stay ingested.</param>
    /// <exception cref="GridException">The grid is unavailable or the type is unknown. Events already sent stay ingested.</exception>
    public async Task<EventBatchReceipt> IngestManyAsync(string type, IEnumerable<Event> events, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(events);
        var total = new EventBatchReceipt(0, 0, 0, []);
        var body = new ArrayBufferWriter<byte>(1 << 16);
        using var writer = new Utf8JsonWriter(body, GridJson.WriterOptions);
        var (lines, sent) = (0, 0L);
        foreach (var happened in events)
        {
            if (happened.Type != type)
            {
                throw GridException.Invalid(new("type", $"an event '{happened.Type}'", $"events '{type}' only"));
            }

            EventJson.Write(writer, happened);
            writer.Flush();
            writer.Reset();
            body.Write("\n"u8);
            if (++lines == _options.EventsPerRequest)
            {
                total = Sum(total, await FlushAsync().ConfigureAwait(false), sent);
                (sent, lines) = (sent + lines, 0);
            }
        }

        return lines == 0 ? total : Sum(total, await FlushAsync().ConfigureAwait(false), sent);

        async ValueTask<EventBatchReceipt> FlushAsync()
        {
            var answer = await _link.PostAsync($"/v1/events/{Escaped(type)}", body.WrittenMemory, NdJson, cancellation).ConfigureAwait(false);
            body.ResetWrittenCount();
            return Read(answer, ReceiptJson.ReadBatch);
        }
    }

    public async ValueTask<Decision> DecideAsync(string decision, Event request, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(decision);
        ArgumentNullException.ThrowIfNull(request);
        var known = Schema.Decisions.FirstOrDefault(one => one.Name == decision)
            ?? throw GridException.Unknown("decision", decision, Schema.Decisions.Select(one => one.Name));
        if (known.Event != request.Type)
        {
            throw GridException.Invalid(new("type", $"an event '{request.Type}'", $"an event '{known.Event}'"));
        }

        if (known.Candidates is not null)
        {
            throw GridException.NeedsCandidates(decision);
        }

        var body = GridJson.Utf8(request, EventJson.Write);
        return Read(await _link.PostAsync($"/v1/decisions/{Escaped(decision)}", body, Json, cancellation).ConfigureAwait(false), DecisionJson.Read);
    }

    public async ValueTask<Ranking> RankAsync(string decision, Event request, IReadOnlyList<Event> candidates, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(decision);
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(candidates);
        var known = Schema.Decisions.FirstOrDefault(one => one.Name == decision)
            ?? throw GridException.Unknown("decision", decision, Schema.Decisions.Select(one => one.Name));
        if (known.Candidates is null)
        {
            throw GridException.TakesNoCandidates(decision);
        }

        if (known.Event != request.Type)
        {
            throw GridException.Invalid(new("type", $"an event '{request.Type}'", $"an event '{known.Event}'"));
        }

        var body = GridJson.Utf8((request, candidates), RankingJson.WriteRequest);
        return Read(await _link.PostAsync($"/v1/decisions/{Escaped(decision)}", body, Json, cancellation).ConfigureAwait(false), RankingJson.Read);
    }

    public async ValueTask<EntityFeatures> ReadFeaturesAsync(EntityId entity, EventTime? at, CancellationToken cancellation)
    {
        if (FaultOfKey(entity.Key) is { } fault)
        {
            throw GridException.Invalid(fault);
        }

        if (string.IsNullOrEmpty(entity.Kind))
        {
            throw GridException.Unknown("kind", "", Schema.Kinds.Select(kind => kind.Kind));
        }

        var path = $"/v1/entities/{Escaped(entity.Kind)}/{Escaped(entity.Key)}/features{(at is { } moment ? $"?at={moment.UnixMilliseconds}" : "")}";
        return Read(await _link.GetAsync(path, cancellation).ConfigureAwait(false), EntityFeaturesJson.Read);
    }

    public async ValueTask<Decision?> FindDecisionAsync(string decisionId, CancellationToken cancellation) =>
        await FindAsync(decisionId, answer => RankingJson.IsRanking(answer) ? null : DecisionJson.Read(answer), cancellation).ConfigureAwait(false);

    public async ValueTask<Ranking?> FindRankingAsync(string rankingId, CancellationToken cancellation) =>
        await FindAsync(rankingId, answer => RankingJson.IsRanking(answer) ? RankingJson.Read(answer) : null, cancellation).ConfigureAwait(false);

    private async ValueTask<T?> FindAsync<T>(string decisionId, Func<ReadOnlyMemory<byte>, T?> read, CancellationToken cancellation)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(decisionId);
        if (decisionId.Length == 0 || FaultOfKey(decisionId) is not null)
        {
            return null;
        }

        try
        {
            return Read(await _link.GetAsync($"/v1/decisions/{Escaped(decisionId)}", cancellation).ConfigureAwait(false), read);
        }
        catch (GridException missing) when (missing.Error == GridError.UnknownName)
        {
            return null;
        }
    }

    public async ValueTask<BatchReceipt> LoadBatchAsync(BatchFile file, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(file);
        return Read(await _link.PostAsync($"/v1/batches/{Escaped(file.Kind)}", BatchJson.Write(file), NdJson, cancellation).ConfigureAwait(false), BatchJson.ReadReceipt);
    }

    public async ValueTask<IReadOnlyList<FeatureEntry>> ListFeaturesAsync(CancellationToken cancellation) =>
        Read(await _link.GetAsync("/v1/features", cancellation).ConfigureAwait(false), CatalogueJson.Read);

    /// <summary>
    /// Reloads a model from its file, in the silo at the client's address only. Requires an admin key if keys are configured.
    /// </summary>
    /// <param name="model">The model's name in the bundle.</param>
    /// <param name="cancellation">Stops waiting.</param>
    /// <exception cref="GridException">The model is unknown, its file is unusable, or the key is not an admin key.</exception>
    public async ValueTask<ModelReload> ReloadModelAsync(string model, CancellationToken cancellation)
    {
        ArgumentException.ThrowIfNullOrEmpty(model);
        return Read(await _link.PostAsync($"/v1/models/{Escaped(model)}/reload", default, "application/json", cancellation).ConfigureAwait(false), ModelReloadJson.Read);
    }

    public TEntity Entity<TEntity>(string key)
        where TEntity : class, IEntity => FaultOfKey(key) is { } fault ? throw GridException.Invalid(fault) : EntityView.Of<TEntity>(this, key);

    public void Dispose() => _link.Dispose();

    // The gateway validates keys itself, but a URL cannot express an empty key or half of a surrogate pair.
    private static ValidationError? FaultOfKey(string? key) => key switch
    {
        null or "" => new("key", "an empty text", $"a text of 1 to {EntityId.MaxKeyBytes} UTF-8 bytes"),
        _ when Encoding.UTF8.GetByteCount(key) > EntityId.MaxKeyBytes =>
            new("key", $"a text of {Encoding.UTF8.GetByteCount(key)} UTF-8 bytes", $"a text of 1 to {EntityId.MaxKeyBytes} UTF-8 bytes"),
        _ => IsUnicode(key) ? null : new("key", "a text with half of a surrogate pair", "Unicode text"),
    };

    private static bool IsUnicode(ReadOnlySpan<char> text)
    {
        while (!text.IsEmpty)
        {
            if (Rune.DecodeFromUtf16(text, out _, out var length) != OperationStatus.Done)
            {
                return false;
            }

            text = text[length..];
        }

        return true;
    }

    // A segment that consists of dots only would be resolved as a relative path; the gateway reads it as text if the dots are encoded.
    private static string Escaped(string segment) =>
        segment is "." or ".." ? segment.Replace(".", "%2E", StringComparison.Ordinal) : Uri.EscapeDataString(segment);

    private static EventBatchReceipt Sum(EventBatchReceipt total, EventBatchReceipt one, long sent) => new(
        total.Accepted + one.Accepted,
        total.Duplicates + one.Duplicates,
        total.RejectedCount + one.RejectedCount,
        [.. total.Rejected, .. one.Rejected.Select(line => line with { Line = line.Line + sent })]);

    private static T Read<T>(ReadOnlyMemory<byte> answer, Func<ReadOnlyMemory<byte>, T> read)
    {
        try
        {
            return read(answer);
        }
        catch (JsonException e)
        {
            throw GridException.Unavailable($"The answer is not one that a grid gives: {e.Message}", e);
        }
    }
}
