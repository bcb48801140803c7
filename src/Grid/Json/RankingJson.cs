using System.Text.Json;

namespace Grid.Json;

/// <summary>
/// A ranking as JSON: the response of <c>POST /v1/decisions/{name}</c> for a decision that ranks, and of <c>GET /v1/decisions/{id}</c>.
/// </summary>
internal static class RankingJson
{
    /// <summary>Writes the request of a ranking: the fields of the event, and the candidates as a list of objects.</summary>
    /// <exception cref="GridException">
    /// A value is NaN or infinite, which JSON cannot represent, or a field of the event has the name of the list.
    /// </exception>
    public static void WriteRequest(Utf8JsonWriter writer, (Event Request, IReadOnlyList<Event> Candidates) call)
    {
        ArgumentNullException.ThrowIfNull(writer);
        if (call.Request.Names.Contains("candidates"))
        {
            throw GridException.Invalid(new("candidates", "a field of that name in the request", "the candidates beside the request"));
        }

        writer.WriteStartObject();
        EventJson.WriteFields(writer, call.Request);
        writer.WriteStartArray(JsonNames.Candidates);
        foreach (var candidate in call.Candidates)
        {
            EventJson.Write(writer, candidate);
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    public static void Write(Utf8JsonWriter writer, Ranking ranking)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(ranking);

        writer.WriteStartObject();
        writer.WriteString(JsonNames.RankingId, ranking.Id);
        writer.WriteString(JsonNames.Decision, ranking.Name);
        JsonParts.WriteEntity(writer, JsonNames.Owner, ranking.Owner);
        writer.WriteString(JsonNames.EventId, ranking.EventId);
        JsonParts.WriteTime(writer, JsonNames.At, ranking.At);
        writer.WriteStartArray(JsonNames.Items);
        foreach (var item in ranking.Items)
        {
            WriteItem(writer, item);
        }

        writer.WriteEndArray();
        writer.WriteStartArray(JsonNames.TimedOut);
        foreach (var entity in ranking.TimedOut)
        {
            JsonParts.WriteEntity(writer, entity);
        }

        writer.WriteEndArray();
        writer.WriteString(JsonNames.Model, ranking.Model);
        if (ranking.FallbackModel is { } late)
        {
            writer.WriteString(JsonNames.FallbackModel, late);
        }

        writer.WriteString(JsonNames.Bundle, ranking.Bundle);
        writer.WriteBoolean(JsonNames.Fallback, ranking.Fallback);
        writer.WriteBoolean(JsonNames.Duplicate, ranking.Duplicate);
        writer.WriteEndObject();
    }

    /// <summary>Whether a response is a ranking rather than a decision.</summary>
    public static bool IsRanking(ReadOnlyMemory<byte> json)
    {
        using var document = JsonDocument.Parse(json);
        return document.RootElement.ValueKind == JsonValueKind.Object && document.RootElement.TryGetProperty("ranking_id", out _);
    }

    /// <exception cref="JsonException">The text is not a ranking.</exception>
    public static Ranking Read(ReadOnlyMemory<byte> json)
    {
        using var document = JsonDocument.Parse(json);
        var root = document.RootElement;
        return new()
        {
            Id = JsonParts.Text(root, "ranking_id"),
            Name = JsonParts.Text(root, "decision"),
            Owner = JsonParts.Entity(JsonParts.Member(root, "owner", JsonValueKind.Object)),
            EventId = JsonParts.Text(root, "event_id"),
            At = JsonParts.Time(root, "at"),
            Items = [.. JsonParts.Member(root, "items", JsonValueKind.Array).EnumerateArray().Select(ReadItem)],
            TimedOut = [.. JsonParts.Member(root, "timed_out", JsonValueKind.Array).EnumerateArray().Select(JsonParts.Entity)],
            Model = JsonParts.Text(root, "model"),
            FallbackModel = JsonParts.TextOrNull(root, "fallback_model"),
            Bundle = JsonParts.Text(root, "bundle"),
            Fallback = JsonParts.Flag(root, "fallback"),
            Duplicate = JsonParts.Flag(root, "duplicate"),
        };
    }

    private static void WriteItem(Utf8JsonWriter writer, RankedItem item)
    {
        writer.WriteStartObject();
        writer.WriteString(JsonNames.Key, item.Key);
        JsonParts.WriteWhole(writer, JsonNames.Place, item.Place);
        writer.WriteString(JsonNames.Action, item.Action);
        JsonParts.WriteNumber(writer, JsonNames.Score, item.Score);
        JsonParts.WriteTexts(writer, JsonNames.Reasons, item.Reasons);
        JsonParts.WriteFeatures(writer, item.Features);
        JsonParts.WriteOutputs(writer, item.Outputs);
        JsonParts.WriteTimedOut(writer, item.TimedOut);
        if (item.ByFallbackModel)
        {
            writer.WriteBoolean(JsonNames.ByFallbackModel, true);
        }

        writer.WriteBoolean(JsonNames.Fallback, item.Fallback);
        writer.WriteEndObject();
    }

    private static RankedItem ReadItem(JsonElement item) => new()
    {
        Key = JsonParts.Text(item, "key"),
        Place = item.TryGetProperty("place", out var place) && place.ValueKind == JsonValueKind.Number ? place.GetInt32() : null,
        Action = JsonParts.Text(item, "action"),
        Score = JsonParts.Number(item, "score"),
        Reasons = JsonParts.Texts(item, "reasons"),
        Features = JsonParts.Features(item),
        Outputs = JsonParts.Outputs(item),
        TimedOut = JsonParts.TimedOut(item),
        ByFallbackModel = JsonParts.Flag(item, "by_fallback_model"),
        Fallback = JsonParts.Flag(item, "fallback"),
    };
}
