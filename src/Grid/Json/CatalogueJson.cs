using System.Text.Json;

namespace Grid.Json;

/// <summary>The catalogue of features as JSON: the response of <c>GET /v1/features</c>.</summary>
internal static class CatalogueJson
{
    public static void Write(Utf8JsonWriter writer, IReadOnlyList<FeatureEntry> entries)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(entries);
        writer.WriteStartObject();
        writer.WriteStartArray(JsonNames.Features);
        foreach (var entry in entries)
        {
            writer.WriteStartObject();
            writer.WriteString(JsonNames.Name, entry.Name);
            writer.WriteString("tier"u8, NameOf(entry.Tier));
            writer.WriteString(JsonNames.Owner, entry.Owner);
            writer.WriteString(JsonNames.Definition, entry.Definition);
            JsonParts.WriteWhole(writer, JsonNames.WindowMs, entry.WindowMilliseconds);
            writer.WriteNumber(JsonNames.DelayMs, entry.DelayMilliseconds);
            JsonParts.WriteWhole(writer, MaxAgeMs, entry.MaxAgeMilliseconds);
            if (entry.Loaded is { } loaded)
            {
                writer.WritePropertyName("loaded"u8);
                BatchJson.Write(writer, loaded);
            }

            JsonParts.WriteNumber(writer, Nanoseconds, entry.Nanoseconds);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    /// <exception cref="JsonException">The text is not a catalogue.</exception>
    public static IReadOnlyList<FeatureEntry> Read(ReadOnlyMemory<byte> json)
    {
        using var document = JsonDocument.Parse(json);
        return [.. JsonParts.Member(document.RootElement, "features", JsonValueKind.Array).EnumerateArray().Select(Entry)];
    }

    /// <summary>The name of a tier in JSON, such as <c>on_demand</c>.</summary>
    public static string NameOf(FeatureTier tier) => tier switch
    {
        FeatureTier.Batch => "batch",
        FeatureTier.Streaming => "streaming",
        FeatureTier.OnDemand => "on_demand",
        _ => throw new ArgumentOutOfRangeException(nameof(tier), tier, "A feature has one of the tiers."),
    };

    private static readonly JsonEncodedText MaxAgeMs = JsonEncodedText.Encode("max_age_ms");
    private static readonly JsonEncodedText Nanoseconds = JsonEncodedText.Encode("nanoseconds");

    private static FeatureEntry Entry(JsonElement element) => new(
        JsonParts.Text(element, "name"),
        JsonParts.Text(element, "tier") switch
        {
            "batch" => FeatureTier.Batch,
            "streaming" => FeatureTier.Streaming,
            "on_demand" => FeatureTier.OnDemand,
            var other => throw new JsonException($"There is no tier '{other}'."),
        },
        JsonParts.Text(element, "owner"),
        JsonParts.Text(element, "definition"),
        JsonParts.WholeOrNull(element, "window_ms"),
        JsonParts.Whole(element, "delay_ms"),
        JsonParts.WholeOrNull(element, "max_age_ms"),
        element.TryGetProperty("loaded", out var loaded) ? BatchJson.ReadReceipt(loaded) : null,
        JsonParts.Number(element, "nanoseconds"));
}
