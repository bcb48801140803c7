using System.Text.Json;

namespace Grid.Gateway.Wire;

/// <summary>Writes problems as JSON. What a caller sent is told only cut to a safe length.</summary>
internal static class ProblemJsonWriter
{
    public static void Write(Utf8JsonWriter json, Problem problem, StreamReceipt? soFar)
    {
        json.WriteStartObject();
        json.WriteString("type"u8, "about:blank"u8);
        json.WriteString("title"u8, problem.Title);
        json.WriteNumber("status"u8, problem.Status);
        json.WriteString("detail"u8, problem.Detail);
        json.WriteString("code"u8, problem.Code);
        if (problem.Fault is { } fault)
        {
            json.WriteString("field"u8, fault.Field);
            json.WriteString("found"u8, fault.Found);
            json.WriteString("expected"u8, fault.Expected);
        }

        if (soFar is not null)
        {
            json.WriteNumber("accepted"u8, soFar.Accepted);
            json.WriteNumber("duplicates"u8, soFar.Duplicates);
            json.WriteNumber("lines"u8, soFar.Lines);
        }

        json.WriteEndObject();
    }
}
