using System.Text.Json;

namespace Grid.Json;

/// <summary>Why a call over HTTP failed, as <c>application/problem+json</c> (RFC 9457) with the grid's own members.</summary>
/// <param name="Error">The error, written as <c>code</c>: <c>invalid_input</c>.</param>
/// <param name="Status">The HTTP status.</param>
/// <param name="Title">A few words that are the same for every problem of the code.</param>
/// <param name="Detail">What happened this time.</param>
/// <param name="ValidationError">The field at fault, where there is one: members <c>field</c>, <c>found</c>, <c>expected</c>.</param>
public sealed record GridProblem(GridError Error, int Status, string Title, string Detail, ValidationError? ValidationError = null)
{
    public const string MediaType = "application/problem+json";

    /// <summary>The problem that a client should be told of, with the status that goes with its code (400, 404, 409, 503, 504).</summary>
    public static GridProblem From(GridException raised)
    {
        ArgumentNullException.ThrowIfNull(raised);
        return Of(raised.Error, raised.Message, raised.ValidationError);
    }

    /// <summary>The problem of an input that is at fault.</summary>
    public static GridProblem From(ValidationError fault)
    {
        ArgumentNullException.ThrowIfNull(fault);
        return Of(GridError.InvalidInput, fault.ToString(), fault);
    }

    /// <summary>The problem of an event that was rejected.</summary>
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

    /// <summary>Reads a problem, the grid's own or anybody else's; a code that is not known is read as <see cref="GridError.None"/>.</summary>
    /// <exception cref="JsonException">The text is no JSON object.</exception>
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

    /// <summary>The code of an error, as it goes over the wire.</summary>
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

    /// <summary>The error of a code; <see cref="GridError.None"/> of one that is not known.</summary>
    public static GridError ErrorOf(string? code) => code switch
    {
        "invalid_input" => GridError.InvalidInput,
        "unknown_name" => GridError.UnknownName,
        "unavailable" => GridError.Unavailable,
        "deadline_passed" => GridError.DeadlinePassed,
        "id_conflict" => GridError.IdConflict,
        _ => GridError.None,
    };

    /// <summary>Writes the members of a problem into the object that is being written.</summary>
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
