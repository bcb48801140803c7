using Grid.Json;

namespace Grid.Gateway.Wire;

/// <summary>The error of a request, as <c>application/problem+json</c> (RFC 9457).</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Code">The error code, such as <c>invalid_input</c>: that of a <see cref="GridError"/>, or of the gateway itself.</param>
/// <param name="Title">A short summary of the code for people.</param>
/// <param name="Detail">The description of this occurrence: what was found and what is expected.</param>
/// <param name="ValidationError">The validation error, or null.</param>
internal sealed record Problem(int Status, string Code, string Title, string Detail, ValidationError? ValidationError = null)
{
    public static Problem Of(GridException raised) => Of(GridProblem.From(raised));

    public static Problem Of(ValidationError fault) => Of(GridProblem.From(fault));

    public static Problem Of(EventReceipt rejected) => Of(GridProblem.From(rejected));

    public static Problem DeadlinePassed(string detail) => Of(new GridException(GridError.DeadlinePassed, detail));

    public static Problem TooLarge(long limit) => new(413, Invalid, "The body is too large.",
        $"A body of more than {limit} bytes is refused.", new("", "a longer body", $"at most {limit} bytes"));

    public static Problem MethodNotAllowed(string method, string allowed) => new(405, Invalid, "The method does not fit the address.",
        $"'{method}' was asked; expected {allowed}.");

    public static Problem UnsupportedMedia(string? found, string expected) => new(415, Invalid, "The content type does not fit.",
        $"Expected {expected}, found {(found is null ? "no content type" : $"'{Cut(found)}'")}.",
        new("content-type", found is null ? "nothing" : $"'{Cut(found)}'", expected));

    public static Problem UnsupportedEncoding(string found) => new(415, Invalid, "The content encoding is not supported.",
        $"Found Content-Encoding '{Cut(found)}'; expected gzip, or none.",
        new("content-encoding", $"'{Cut(found)}'", "gzip, or none"))
    {
        AcceptEncoding = "gzip",
    };

    public static readonly Problem CorruptGzip = Of(new ValidationError("", "a gzip body that is cut off or corrupt", "a complete gzip body"));

    public static Problem DotSegment(string path) => Nothing(
        $"There is nothing at '{Cut(path)}': it has a dot segment. Write the key '.' as %2E and the key '..' as %2E%2E.");

    public static Problem EmptySegment(string path) => Nothing(
        $"There is nothing at '{Cut(path)}': it has an empty segment. A key has 1 to {EntityId.MaxKeyBytes} UTF-8 bytes.");

    public static Problem NoSuchAddress(string path) => Nothing(
        $"There is nothing at '{Cut(path)}'; /openapi/v1.json lists what is.");

    /// <summary>The <c>Accept-Encoding</c> header of the response; null if it is not sent.</summary>
    public string? AcceptEncoding { get; private init; }

    /// <summary>Every code of a problem.</summary>
    public static IEnumerable<string> Codes =>
        [.. Enum.GetValues<GridError>().Where(error => error != GridError.None).Select(GridProblem.CodeOf), Unauthorized.Code, Internal.Code];

    public static readonly Problem Unauthorized = new(401, "unauthorized", "A key is needed.",
        "Send one of the configured keys as 'Authorization: Bearer KEY' or 'X-Api-Key: KEY'.");

    public static readonly Problem AdminOnly = new(401, "unauthorized", "An administrator's key is needed.",
        $"Send one of the keys of {GatewayOptions.Section}:AdminKeys as 'Authorization: Bearer KEY' or 'X-Api-Key: KEY'; where none is configured nobody is let in.");

    public static readonly Problem Internal = new(500, "internal", "The gateway failed.",
        "The fault is on this side; the log has it. Asking again with the same event id is safe.");

    public static string Cut(string text) => text.Length <= 64 ? text : string.Concat(text.AsSpan(0, 61), "...");

    private static Problem Nothing(string detail) =>
        new(404, GridProblem.CodeOf(GridError.UnknownName), "There is nothing at this address.", detail);

    private static string Invalid => GridProblem.CodeOf(GridError.InvalidInput);

    private static Problem Of(GridProblem problem) => new(problem.Status, GridProblem.CodeOf(problem.Error), problem.Title, problem.Detail, problem.ValidationError);
}
