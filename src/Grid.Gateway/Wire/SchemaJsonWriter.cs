using System.Text.Json;

namespace Grid.Gateway.Wire;

/// <summary>Writes what the bundle defines as JSON. Windows and delays are milliseconds.</summary>
internal static class SchemaJsonWriter
{
    public static void Write(Utf8JsonWriter json, GridSchema schema)
    {
        json.WriteStartObject();
        json.WriteString("bundle"u8, schema.Bundle);
        json.WriteString("version"u8, schema.Version);
        WriteEach(json, "events"u8, schema.Events, WriteEvent);
        WriteEach(json, "kinds"u8, schema.Kinds, WriteKind);
        WriteEach(json, "decisions"u8, schema.Decisions, WriteDecision);
        json.WriteEndObject();
    }

    private static void WriteEvent(Utf8JsonWriter json, EventSchema schema)
    {
        json.WriteString("type"u8, schema.Type);
        json.WriteString("id_field"u8, schema.IdField);
        json.WriteString("time_field"u8, schema.TimeField);
        json.WriteString("labels"u8, schema.Labels);
        WriteEach(json, "fields"u8, schema.Fields, WriteField);
    }

    private static void WriteField(Utf8JsonWriter json, FieldSchema schema)
    {
        json.WriteString("name"u8, schema.Name);
        json.WriteString("type"u8, schema.TypeName);
        json.WriteBoolean("required"u8, schema.Required);
        WriteBound(json, "min"u8, schema.Min);
        WriteBound(json, "max"u8, schema.Max);
    }

    private static void WriteKind(Utf8JsonWriter json, KindSchema schema)
    {
        json.WriteString("kind"u8, schema.Kind);
        WriteEach(json, "features"u8, schema.Features, WriteFeature);
    }

    private static void WriteFeature(Utf8JsonWriter json, FeatureSchema schema)
    {
        json.WriteString("name"u8, schema.Name);
        json.WriteString("definition"u8, schema.Definition);
        WriteBound(json, "window_ms"u8, schema.WindowMilliseconds);
        json.WriteNumber("delay_ms"u8, schema.DelayMilliseconds);
    }

    private static void WriteDecision(Utf8JsonWriter json, DecisionSchema schema)
    {
        json.WriteString("name"u8, schema.Name);
        json.WriteString("event"u8, schema.Event);
        json.WriteString("owner_kind"u8, schema.OwnerKind);
        WriteTexts(json, "vector"u8, schema.Vector);
        json.WriteString("model"u8, schema.Model);
        WriteTexts(json, "actions"u8, schema.Actions);
    }

    private static void WriteEach<T>(Utf8JsonWriter json, ReadOnlySpan<byte> name, IReadOnlyList<T> all, Action<Utf8JsonWriter, T> write)
    {
        json.WriteStartArray(name);
        foreach (var one in all)
        {
            json.WriteStartObject();
            write(json, one);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteTexts(Utf8JsonWriter json, ReadOnlySpan<byte> name, IReadOnlyList<string> texts)
    {
        json.WriteStartArray(name);
        foreach (var text in texts)
        {
            json.WriteStringValue(text);
        }

        json.WriteEndArray();
    }

    private static void WriteBound(Utf8JsonWriter json, ReadOnlySpan<byte> name, decimal? bound)
    {
        if (bound is { } value)
        {
            json.WriteNumber(name, value);
        }
        else
        {
            json.WriteNull(name);
        }
    }
}
