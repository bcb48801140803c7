using System.Text.Json;

namespace Grid.Json;

/// <summary>A model reload as JSON: the response of <c>POST /v1/models/{name}/reload</c>.</summary>
public static class ModelReloadJson
{
    private static readonly JsonEncodedText Before = JsonEncodedText.Encode("before");
    private static readonly JsonEncodedText Now = JsonEncodedText.Encode("now");

    public static void Write(Utf8JsonWriter writer, ModelReload reload)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(reload);

        writer.WriteStartObject();
        writer.WriteString(JsonNames.Model, reload.Model);
        writer.WriteString(Before, reload.Before);
        writer.WriteString(Now, reload.Now);
        writer.WriteEndObject();
    }

    /// <exception cref="JsonException">The text is not a model reload.</exception>
    public static ModelReload Read(ReadOnlyMemory<byte> json)
    {
        using var document = JsonDocument.Parse(json);
        var root = document.RootElement;
        return new(JsonParts.Text(root, "model"), JsonParts.Text(root, "before"), JsonParts.Text(root, "now"));
    }
}
