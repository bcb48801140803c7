using System.Text.Json;

namespace Grid.Json;

/// <summary>A decision as JSON: the response of <c>POST /v1/decisions/{name}</c> and <c>GET /v1/decisions/{id}</c>.</summary>
internal static class DecisionJson
{
    public static void Write(Utf8JsonWriter writer, Decision decision)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(decision);

        writer.WriteStartObject();
        writer.WriteString(JsonNames.DecisionId, decision.Id);
        writer.WriteString(JsonNames.Decision, decision.Name);
        JsonParts.WriteEntity(writer, JsonNames.Owner, decision.Owner);
        writer.WriteString(JsonNames.EventId, decision.EventId);
        JsonParts.WriteTime(writer, JsonNames.At, decision.At);
        writer.WriteString(JsonNames.Action, decision.Action);
        JsonParts.WriteNumber(writer, JsonNames.Score, decision.Score);
        JsonParts.WriteTexts(writer, JsonNames.Reasons, decision.Reasons);
        JsonParts.WriteFeatures(writer, decision.Features);
        JsonParts.WriteOutputs(writer, decision.Outputs);
        JsonParts.WriteTimedOut(writer, decision.TimedOut);
        writer.WriteString(JsonNames.Model, decision.Model);
        writer.WriteString(JsonNames.Bundle, decision.Bundle);
        writer.WriteBoolean(JsonNames.Fallback, decision.Fallback);
        writer.WriteBoolean(JsonNames.Duplicate, decision.Duplicate);
        writer.WriteEndObject();
    }

    /// <exception cref="JsonException">The text is not a decision.</exception>
    public static Decision Read(ReadOnlyMemory<byte> json)
    {
        using var document = JsonDocument.Parse(json);
        var root = document.RootElement;
        return new()
        {
            Id = JsonParts.Text(root, "decision_id"),
            Name = JsonParts.Text(root, "decision"),
            Owner = JsonParts.Entity(JsonParts.Member(root, "owner", JsonValueKind.Object)),
            EventId = JsonParts.Text(root, "event_id"),
            At = JsonParts.Time(root, "at"),
            Action = JsonParts.Text(root, "action"),
            Score = JsonParts.Number(root, "score"),
            Reasons = JsonParts.Texts(root, "reasons"),
            Features = JsonParts.Features(root),
            Outputs = JsonParts.Outputs(root),
            TimedOut = JsonParts.TimedOut(root),
            Model = JsonParts.Text(root, "model"),
            Bundle = JsonParts.Text(root, "bundle"),
            Fallback = JsonParts.Flag(root, "fallback"),
            Duplicate = JsonParts.Flag(root, "duplicate"),
        };
    }
}
