using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Grid.Json;

/// <summary>JSON writer settings of the grid.</summary>
internal static class GridJson
{
    /// <summary>
    /// Options for every writer: letters of all languages and characters such as + are written unescaped (responses are never embedded in a
    /// web page), and the order of writer calls is not validated.
    /// </summary>
    public static readonly JsonWriterOptions WriterOptions = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    /// <summary>Writes one value to UTF-8 bytes. For callers that write too rarely to keep a writer.</summary>
    public static ReadOnlyMemory<byte> Utf8<T>(T value, Action<Utf8JsonWriter, T> write)
    {
        ArgumentNullException.ThrowIfNull(write);
        var bytes = new ArrayBufferWriter<byte>(1024);
        using (var writer = new Utf8JsonWriter(bytes, WriterOptions))
        {
            write(writer, value);
        }

        return bytes.WrittenMemory;
    }
}
