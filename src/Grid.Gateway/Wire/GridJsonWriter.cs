using System.Text.Json;

namespace Grid.Gateway.Wire;

/// <summary>Writes what the grid answers as JSON. Moments are ISO 8601 in UTC, ages are milliseconds, what is missing is null.</summary>
internal static class GridJsonWriter
{
    public static void Write(Utf8JsonWriter json, Decision decision)
    {
        json.WriteStartObject();
        json.WriteString("decision_id"u8, decision.Id);
        json.WriteString("decision"u8, decision.Name);
        WriteEntity(json, "owner"u8, decision.Owner);
        json.WriteString("event_id"u8, decision.EventId);
        WriteTime(json, "at"u8, decision.At);
        json.WriteString("action"u8, decision.Action);
        WriteNumber(json, "score"u8, decision.Score);
        json.WriteStartArray("reasons"u8);
        for (var i = 0; i < decision.Reasons.Count; i++)
        {
            json.WriteStringValue(decision.Reasons[i]);
        }

        json.WriteEndArray();
        WriteFeatures(json, decision.Features);
        json.WriteString("model"u8, decision.Model);
        json.WriteString("bundle"u8, decision.Bundle);
        json.WriteBoolean("fallback"u8, decision.Fallback);
        json.WriteBoolean("duplicate"u8, decision.Duplicate);
        json.WriteEndObject();
    }

    public static void Write(Utf8JsonWriter json, EntityFeatures read)
    {
        json.WriteStartObject();
        WriteEntity(json, "entity"u8, read.Entity);
        WriteTime(json, "at"u8, read.At);
        WriteFeatures(json, read.Features);
        json.WriteEndObject();
    }

    public static void WriteOutcome(Utf8JsonWriter json, EventOutcome outcome)
    {
        json.WriteStartObject();
        json.WriteString("outcome"u8, outcome == EventOutcome.Duplicate ? "duplicate"u8 : "accepted"u8);
        json.WriteEndObject();
    }

    public static void Write(Utf8JsonWriter json, StreamReceipt receipt)
    {
        json.WriteStartObject();
        json.WriteNumber("accepted"u8, receipt.Accepted);
        json.WriteNumber("duplicates"u8, receipt.Duplicates);
        json.WriteNumber("rejected_count"u8, receipt.Rejected);
        json.WriteStartArray("rejected"u8);
        foreach (var (line, problem) in receipt.Told)
        {
            json.WriteStartObject();
            json.WriteNumber("line"u8, line);
            json.WriteString("code"u8, problem.Code);
            json.WriteString("field"u8, problem.Fault?.Field ?? "");
            json.WriteString("found"u8, problem.Fault?.Found ?? "");
            json.WriteString("expected"u8, problem.Fault?.Expected ?? "");
            json.WriteString("detail"u8, problem.Detail);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteEntity(Utf8JsonWriter json, ReadOnlySpan<byte> name, EntityId entity)
    {
        json.WriteStartObject(name);
        json.WriteString("kind"u8, entity.Kind);
        json.WriteString("key"u8, entity.Key);
        json.WriteEndObject();
    }

    private static void WriteTime(Utf8JsonWriter json, ReadOnlySpan<byte> name, EventTime time)
    {
        Span<byte> text = stackalloc byte[24];
        time.ToDateTimeOffset().TryFormat(text, out var written, "yyyy-MM-dd'T'HH:mm:ss.fff'Z'", System.Globalization.CultureInfo.InvariantCulture);
        json.WriteString(name, text[..written]);
    }

    private static void WriteFeatures(Utf8JsonWriter json, IReadOnlyList<FeatureReading> features)
    {
        json.WriteStartArray("features"u8);
        for (var i = 0; i < features.Count; i++)
        {
            var feature = features[i];
            json.WriteStartObject();
            json.WriteString("name"u8, feature.Name);
            if (feature.Text is null)
            {
                WriteNumber(json, "value"u8, feature.Value);
            }
            else
            {
                json.WriteString("value"u8, feature.Text);
            }

            if (feature.AgeMilliseconds == FeatureReading.NoAge)
            {
                json.WriteNull("age_ms"u8);
            }
            else
            {
                json.WriteNumber("age_ms"u8, feature.AgeMilliseconds);
            }

            if (feature.Approximate)
            {
                json.WriteBoolean("approximate"u8, true);
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteNumber(Utf8JsonWriter json, ReadOnlySpan<byte> name, double value)
    {
        if (double.IsFinite(value))
        {
            json.WriteNumber(name, value);
        }
        else
        {
            json.WriteNull(name);
        }
    }
}
