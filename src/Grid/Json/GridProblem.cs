using System.Text.Json;

namespace Grid.Json;

/// <summary>The error of a failed HTTP request, as <c>application/problem+json</c> (RFC 9457) with additional members.</summary>
/// <param name="Error">The error, written as <c>code</c>: <c>invalid_input</c>.</param>
/// <param name="Status">The HTTP status.</param>
/// <param name="Title">A short summary, the same for every problem with the same code.</param>
/// <param name="Detail">The description of this occurrence.</param>
/// <param name="ValidationError">The validation error, or null: members <c>field</c>, <c>found</c>, <c>expected</c>.</param>
public sealed record GridProblem(GridError Error, int Status, string Title, string Detail, ValidationError? ValidationError = null)
{
    public const string MediaType = "application/problem+json";

    /// <summary>The problem for an exception, with the status of its error (400, 404, 409, 503, 504).</summary>
    public static GridProblem From(GridException raised)
    {
        ArgumentNullException.ThrowIfNull(raised);
        return Of(raised.Error, raised.Message, raised.ValidationError);
    }

    /// <summary>The problem for an invalid input.</summary>
    public static GridProblem From(ValidationError fault)
    {
        ArgumentNullException.ThrowIfNull(fault);
        return Of(GridError.InvalidInput, fault.ToString(), fault);
    }

    /// <summary>The problem for a rejected event.</summary>
    public static GridProblem From(EventReceipt rejected)
    {
        ArgumentNullException.ThrowIfNull(rejected);
        return Of(rejected.Error, rejected.ValidationError!.ToString(), rejected.ValidationError);
    }

    public GridException ToException() => new(Error, Detail, ValidationError);

    public void Write(Utf8JsonWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteStartObject();
        WriteMembers(writer, Status, CodeOf(Error), Title, Detail, ValidationError);
        writer.WriteEndObject();
    }

    /// <summary>Reads a problem from the grid or any other server; an unknown code is read as <see cref="GridError.None"/>.</summary>
    /// <exception cref="JsonException">The text is not a JSON object.</exception>
    public static GridProblem Read(ReadOnlyMemory<byte> json)
    {
        using var document = JsonDocument.Parse(json);
        var root = document.RootElement;
        if (root.ValueKind != JsonValueKind.Object)
        {
            throw new JsonException("A problem is a JSON object.");
        }

        var title = JsonParts.TextOrNull(root, "title") ?? "";
        var expected = JsonParts.TextOrNull(root, "expected");
        return new(
            ErrorOf(JsonParts.TextOrNull(root, "code")),
            JsonParts.Number(root, "status") is var status and >= 100 and < 600 ? (int)status : 0,
            title,
            JsonParts.TextOrNull(root, "detail") ?? title,
            expected is null ? null : new(JsonParts.TextOrNull(root, "field") ?? "", JsonParts.TextOrNull(root, "found") ?? "", expected));
    }

    /// <summary>The code of an error on the wire.</summary>
    public static string CodeOf(GridError error) => error switch
    {
        GridError.InvalidInput => "invalid_input",
        GridError.UnknownName => "unknown_name",
        GridError.Unavailable => "unavailable",
        GridError.DeadlinePassed => "deadline_passed",
        GridError.IdConflict => "id_conflict",
        GridError.None => "internal",
        _ => throw new ArgumentOutOfRangeException(nameof(error), error, "An error without a code."),
    };

    /// <summary>The error of a code; <see cref="GridError.None"/> for an unknown one.</summary>
    public static GridError ErrorOf(string? code) => code switch
    {
        "invalid_input" => GridError.InvalidInput,
        "unknown_name" => GridError.UnknownName,
        "unavailable" => GridError.Unavailable,
        "deadline_passed" => GridError.DeadlinePassed,
        "id_conflict" => GridError.IdConflict,
        _ => GridError.None,
    };

    /// <summary>Writes the members of a problem into the current object.</summary>
    internal static void WriteMembers(Utf8JsonWriter writer, int status, string code, string title, string detail, ValidationError? fault)
    {
        writer.WriteString(JsonNames.Type, "about:blank");
        writer.WriteString(JsonNames.Title, title);
        writer.WriteNumber(JsonNames.Status, status);
        writer.WriteString(JsonNames.Detail, detail);
        writer.WriteString(JsonNames.Code, code);
        if (fault is not null)
        {
            JsonParts.WriteFault(writer, fault);
        }
    }

    private static GridProblem Of(GridError error, string detail, ValidationError? fault)
    {
        var (status, title) = error switch
        {
            GridError.InvalidInput => (400, "The input is at fault."),
            GridError.UnknownName => (404, "There is nothing of that name."),
            GridError.Unavailable => (503, "The grid can take no new work now."),
            GridError.IdConflict => (409, "The id belongs to another event."),
            GridError.DeadlinePassed => (504, "The answer did not come in time."),
            _ => (500, "The grid failed."),
        };
        return new(error, status, title, detail, fault);
    }
}
