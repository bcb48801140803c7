using System.Globalization;
using System.Text.Json;

namespace Grid.Json;

/// <summary>A schema as JSON: the response of <c>GET /v1/schema</c>.</summary>
internal static class SchemaJson
{
    public static void Write(Utf8JsonWriter writer, GridSchema schema)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(schema);

        writer.WriteStartObject();
        writer.WriteString(JsonNames.Bundle, schema.Bundle);
        writer.WriteString(JsonNames.Version, schema.Version);
        WriteAll(writer, JsonNames.Events, schema.Events, WriteEvent);
        WriteAll(writer, JsonNames.Kinds, schema.Kinds, WriteKind);
        WriteAll(writer, JsonNames.Decisions, schema.Decisions, WriteDecision);
        writer.WriteEndObject();
    }

    /// <exception cref="JsonException">The text is not a schema.</exception>
    public static GridSchema Read(ReadOnlyMemory<byte> json)
    {
        using var document = JsonDocument.Parse(json);
        var root = document.RootElement;
        return new(
            JsonParts.Text(root, "bundle"),
            JsonParts.Text(root, "version"),
            ReadAll(root, "events", ReadEvent),
            ReadAll(root, "kinds", ReadKind),
            ReadAll(root, "decisions", ReadDecision));
    }

    private static void WriteEvent(Utf8JsonWriter writer, EventSchema type)
    {
        writer.WriteString(JsonNames.Type, type.Type);
        writer.WriteString(JsonNames.IdField, type.IdField);
        writer.WriteString(JsonNames.TimeField, type.TimeField);
        writer.WriteString(JsonNames.Labels, type.Labels);
        WriteAll(writer, JsonNames.Fields, type.Fields, WriteField);
    }

    private static void WriteField(Utf8JsonWriter writer, FieldSchema field)
    {
        writer.WriteString(JsonNames.Name, field.Name);
        writer.WriteString(JsonNames.Type, field.TypeName);
        writer.WriteBoolean(JsonNames.Required, field.Required);
        WriteBound(writer, JsonNames.Min, field.Min);
        WriteBound(writer, JsonNames.Max, field.Max);
    }

    private static EventSchema ReadEvent(JsonElement type) => new(
        JsonParts.Text(type, "type"),
        JsonParts.Text(type, "id_field"),
        JsonParts.Text(type, "time_field"),
        ReadAll(type, "fields", ReadField),
        JsonParts.TextOrNull(type, "labels"));

    private static FieldSchema ReadField(JsonElement field)
    {
        var (type, scale) = TypeOf(JsonParts.Text(field, "type"));
        return new(JsonParts.Text(field, "name"), type, scale, JsonParts.Flag(field, "required"), Bound(field, "min"), Bound(field, "max"));
    }

    private static void WriteKind(Utf8JsonWriter writer, KindSchema kind)
    {
        writer.WriteString(JsonNames.Kind, kind.Kind);
        WriteAll(writer, JsonNames.Features, kind.Features, static (writer, feature) =>
        {
            writer.WriteString(JsonNames.Name, feature.Name);
            writer.WriteString(JsonNames.Definition, feature.Definition);
            JsonParts.WriteWhole(writer, JsonNames.WindowMs, feature.WindowMilliseconds);
            writer.WriteNumber(JsonNames.DelayMs, feature.DelayMilliseconds);
        });
    }

    private static KindSchema ReadKind(JsonElement kind) => new(JsonParts.Text(kind, "kind"), ReadAll(kind, "features", static feature => new FeatureSchema(
        JsonParts.Text(feature, "name"), JsonParts.Text(feature, "definition"), (long?)Bound(feature, "window_ms"), JsonParts.Whole(feature, "delay_ms"))));

    private static void WriteDecision(Utf8JsonWriter writer, DecisionSchema decision)
    {
        writer.WriteString(JsonNames.Name, decision.Name);
        writer.WriteString(JsonNames.Event, decision.Event);
        writer.WriteString(JsonNames.OwnerKind, decision.OwnerKind);
        JsonParts.WriteTexts(writer, JsonNames.Vector, decision.Vector);
        writer.WriteString(JsonNames.Model, decision.Model);
        JsonParts.WriteTexts(writer, JsonNames.Actions, decision.Actions);
        JsonParts.WriteTexts(writer, JsonNames.Outputs, decision.Outputs);
        if (decision.Candidates is { } candidates)
        {
            writer.WriteStartObject(JsonNames.Candidates);
            writer.WriteString(JsonNames.Kind, candidates.Kind);
            writer.WriteString(JsonNames.KeyField, candidates.KeyField);
            writer.WriteNumber(JsonNames.Most, candidates.Most);
            WriteAll(writer, JsonNames.Fields, candidates.Fields, WriteField);
            writer.WriteEndObject();
        }
    }

    private static DecisionSchema ReadDecision(JsonElement decision) => new(
        JsonParts.Text(decision, "name"),
        JsonParts.Text(decision, "event"),
        JsonParts.Text(decision, "owner_kind"),
        JsonParts.Texts(decision, "vector"),
        JsonParts.Text(decision, "model"),
        JsonParts.Texts(decision, "actions"),
        JsonParts.Texts(decision, "outputs"),
        decision.TryGetProperty("candidates", out var candidates) ? ReadCandidates(candidates) : null);

    private static CandidateSchema ReadCandidates(JsonElement candidates) => new(
        JsonParts.Text(candidates, "kind"),
        JsonParts.Text(candidates, "key_field"),
        (int)JsonParts.Whole(candidates, "most"),
        ReadAll(candidates, "fields", ReadField));

    private static void WriteAll<T>(Utf8JsonWriter writer, JsonEncodedText name, IReadOnlyList<T> all, Action<Utf8JsonWriter, T> write)
    {
        writer.WriteStartArray(name);
        foreach (var one in all)
        {
            writer.WriteStartObject();
            write(writer, one);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static IReadOnlyList<T> ReadAll<T>(JsonElement element, string name, Func<JsonElement, T> read) =>
        [.. JsonParts.Member(element, name, JsonValueKind.Array).EnumerateArray().Select(read)];

    private static void WriteBound(Utf8JsonWriter writer, JsonEncodedText name, decimal? bound)
    {
        if (bound is { } value)
        {
            writer.WriteNumber(name, value);
        }
        else
        {
            writer.WriteNull(name);
        }
    }

    private static decimal? Bound(JsonElement element, string name) =>
        element.TryGetProperty(name, out var bound) && bound.ValueKind == JsonValueKind.Number ? bound.GetDecimal() : null;

    private static (FieldType Type, int Scale) TypeOf(string name) => name switch
    {
        "string" => (FieldType.String, 0),
        "integer" => (FieldType.Integer, 0),
        "number" => (FieldType.Number, 0),
        "boolean" => (FieldType.Boolean, 0),
        "timestamp" => (FieldType.Timestamp, 0),
        _ when name.StartsWith("decimal(", StringComparison.Ordinal) && name.EndsWith(')')
            && int.TryParse(name.AsSpan(8, name.Length - 9), NumberStyles.None, CultureInfo.InvariantCulture, out var scale) => (FieldType.Decimal, scale),
        _ => throw new JsonException($"There is no field type '{name}'."),
    };
}
