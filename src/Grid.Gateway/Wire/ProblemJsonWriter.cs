using System.Text.Json;
using Grid.Json;

namespace Grid.Gateway.Wire;

/// <summary>Writes problems as JSON. Input of the caller is included only up to a safe length.</summary>
internal static class ProblemJsonWriter
{
    public static void Write(Utf8JsonWriter json, Problem problem, StreamReceipt? soFar)
    {
        json.WriteStartObject();
        GridProblem.WriteMembers(json, problem.Status, problem.Code, problem.Title, problem.Detail, problem.ValidationError);
        if (soFar is not null)
        {
            json.WriteNumber(JsonNames.Accepted, soFar.Accepted);
            json.WriteNumber(JsonNames.Duplicates, soFar.Duplicates);
            json.WriteNumber("lines"u8, soFar.Lines);
        }

        json.WriteEndObject();
    }
}
