using System.Text.Json;

namespace Grid.Json;

/// <summary>The features of an entity as JSON: the response of <c>GET /v1/entities/{kind}/{key}/features</c>.</summary>
internal static class EntityFeaturesJson
{
    public static void Write(Utf8JsonWriter writer, EntityFeatures features)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(features);

        writer.WriteStartObject();
        JsonParts.WriteEntity(writer, JsonNames.Entity, features.Entity);
        JsonParts.WriteTime(writer, JsonNames.At, features.At);
        JsonParts.WriteFeatures(writer, features.Features);
        writer.WriteEndObject();
    }

    /// <exception cref="JsonException">The text is not the features of an entity.</exception>
    public static EntityFeatures Read(ReadOnlyMemory<byte> json)
    {
        using var document = JsonDocument.Parse(json);
        var root = document.RootElement;
        return new(JsonParts.Entity(JsonParts.Member(root, "entity", JsonValueKind.Object)), JsonParts.Time(root, "at"), JsonParts.Features(root));
    }
}
