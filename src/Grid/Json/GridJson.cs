using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Grid.Json;

/// <summary>How the grid writes JSON.</summary>
internal static class GridJson
{
    /// <summary>
    /// Options for every writer: letters of all languages and signs such as + are written as they are (the answers are never part of a web
    /// page), and the order of calls is not checked again.
    /// </summary>
    public static readonly JsonWriterOptions WriterOptions = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    /// <summary>Writes one value to UTF-8 bytes: for callers that do not write often enough to keep a writer.</summary>
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
