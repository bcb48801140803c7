using System.IO.Pipelines;
using Grid.Json;
using Microsoft.AspNetCore.Http;

namespace Grid.Gateway.Wire;

/// <summary>Writes a complete response: first its length, then its bytes in one write.</summary>
internal static class Answer
{
    public const string Json = "application/json";
    public const string ProblemJson = GridProblem.MediaType;

    /// <summary>Writes the content of the scratch's JSON writer.</summary>
    public static ValueTask<FlushResult> JsonAsync(HttpResponse response, Scratch scratch)
    {
        scratch.Json.Flush();
        return BytesAsync(response, StatusCodes.Status200OK, Json, scratch.Buffer.WrittenMemory);
    }

    public static ValueTask<FlushResult> BytesAsync(HttpResponse response, int status, string contentType, ReadOnlyMemory<byte> body)
    {
        response.StatusCode = status;
        response.ContentType = contentType;
        response.ContentLength = body.Length;
        return response.BodyWriter.WriteAsync(body);
    }
}
