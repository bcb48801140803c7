using System.Text.Json;

namespace Grid.Json;

/// <summary>Writes an event as a JSON object with one member per field. <see cref="EventJsonReader"/> reads it back.</summary>
internal static class EventJson
{
    /// <exception cref="GridException">A value is NaN or infinite, which JSON cannot represent.</exception>
    public static void Write(Utf8JsonWriter writer, Event happened)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(happened);

        writer.WriteStartObject();
        WriteFields(writer, happened);
        writer.WriteEndObject();
    }

    internal static void WriteFields(Utf8JsonWriter writer, Event happened)
    {
        for (var i = 0; i < happened.Count; i++)
        {
            writer.WritePropertyName(happened.Names[i]);
            WriteValue(writer, happened.Names[i], happened.Values[i]);
        }
    }

    private static void WriteValue(Utf8JsonWriter writer, string name, FieldValue value)
    {
        switch (value.Given)
        {
            case FieldType.None:
                writer.WriteNullValue();
                break;
            case FieldType.String:
                writer.WriteStringValue(value.Text);
                break;
            case FieldType.Boolean:
                writer.WriteBooleanValue(value.Exact != 0);
                break;
            case FieldType.Timestamp:
                writer.WriteNumberValue((long)value.Exact);
                break;
            case FieldType.Number when !double.IsFinite(value.Number):
                throw GridException.Invalid(new(name, $"the number {value}", "a finite number"));
            case FieldType.Number:
                writer.WriteNumberValue(value.Number);
                break;
            default:
                writer.WriteNumberValue(value.Exact);
                break;
        }
    }
}
