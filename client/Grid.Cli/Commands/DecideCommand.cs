using System.CommandLine;
using System.Globalization;
using System.Text;
using Grid.Features.Sources;
using Grid.Json;

namespace Grid.Cli.Commands;

/// <summary><c>grid decide</c>: asks for one decision.</summary>
internal static class DecideCommand
{
    public static Command Build(Terminal terminal)
    {
        var name = new Argument<string>("decision") { Description = "The decision's name.", DefaultValueFactory = _ => "authorize" };
        var fields = new Option<string[]>("--field")
        {
            Description = "A field of the request, as name=value; once for each field.",
            HelpName = "name=value",
            AllowMultipleArgumentsPerToken = true,
        };
        var file = new Option<string?>("--event") { Description = "A file with the request as a JSON object; - reads standard input.", HelpName = "file" };
        var raw = new Option<bool>("--json") { Description = "Prints the answer as JSON." };
        var (url, apiKey, cluster) = (CommonOptions.Url(), CommonOptions.ApiKey(), CommonOptions.Cluster());
        var command = new Command("decide", "Asks for one decision and shows what it was made from.") { name, fields, file, raw, url, apiKey, cluster };
        command.SetAction(async (given, cancellation) =>
        {
            var (pairs, path) = (given.GetValue(fields) ?? [], given.GetValue(file));
            if (pairs.Length == 0 == path is null)
            {
                throw new UsageException("The request comes either from --field name=value, once for each field, or from --event FILE.");
            }

            await using var link = await GridLink.ConnectAsync(given.GetValue(url)!, given.GetValue(apiKey), given.GetValue(cluster), cancellation);
            var grid = link.Grid;
            var decision = given.GetValue(name)!;
            var schema = TypeOf(grid.Schema, decision);
            var request = path is null ? FromPairs(schema, pairs) : FromJson(schema, await JsonAsync(path, terminal, cancellation));
            Show(terminal.Out, await grid.DecideAsync(decision, request, cancellation), given.GetValue(raw));
            return GridCommand.CodeOf(good: true);
        });
        return command;
    }

    private static EventSchema TypeOf(GridSchema schema, string decision)
    {
        var known = schema.Decisions.FirstOrDefault(one => one.Name == decision)
            ?? throw GridException.Unknown("decision", decision, schema.Decisions.Select(one => one.Name));
        return schema.Events.Single(type => type.Type == known.Event);
    }

    // A file is handed on as its bytes: decoded here, bytes that are not UTF-8 would become characters that nobody wrote.
    private static async Task<ReadOnlyMemory<byte>> JsonAsync(string path, Terminal terminal, CancellationToken cancellation)
    {
        try
        {
            ReadOnlyMemory<byte> json = path == "-"
                ? Encoding.UTF8.GetBytes(await terminal.In.ReadToEndAsync(cancellation))
                : await File.ReadAllBytesAsync(path, cancellation);
            return json.Span.StartsWith(Utf8Text.ByteOrderMark) ? json[Utf8Text.ByteOrderMark.Length..] : json;
        }
        catch (DecoderFallbackException)
        {
            throw GridException.Invalid(new("", "bytes on standard input that are not UTF-8", "a JSON object in UTF-8"));
        }
    }

    private static Event FromJson(EventSchema schema, ReadOnlyMemory<byte> json)
    {
        var request = new Event(schema.Type);
        return new EventJsonReader(schema).TryRead(json.Span, request, out var fault) ? request : throw GridException.Invalid(fault);
    }

    private static Event FromPairs(EventSchema schema, string[] pairs)
    {
        var request = new Event(schema.Type);
        foreach (var pair in pairs)
        {
            var equals = pair.IndexOf('=', StringComparison.Ordinal);
            if (equals < 1)
            {
                throw new UsageException($"--field: found '{pair}'; expected name=value, as in amount=12.50.");
            }

            var (field, text) = (pair[..equals], pair[(equals + 1)..]);
            request.Add(field, Value(schema.Fields.FirstOrDefault(known => known.Name == field)?.Type ?? FieldType.String, text));
        }

        return request;
    }

    // A value that does not parse as its type is sent as text: the grid's validation error says what is expected.
    private static FieldValue Value(FieldType type, string text) => type switch
    {
        FieldType.Integer or FieldType.Decimal
            when ExactNumber.Read(Encoding.UTF8.GetBytes(text), out var exact) == NumberText.Exact => exact,
        FieldType.Number when double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) => number,
        FieldType.Boolean when bool.TryParse(text, out var truth) => truth,
        FieldType.Timestamp when long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var milliseconds) => milliseconds,
        _ => text,
    };

    private static void Show(TextWriter to, Decision made, bool raw)
    {
        if (raw)
        {
            to.WriteLine(Encoding.UTF8.GetString(GridJson.Utf8(made, DecisionJson.Write).Span));
            return;
        }

        to.WriteLine($"{made.Action}{(made.Reasons.Count == 0 ? "" : $" ({string.Join(", ", made.Reasons)})")}");
        TextTable.Write(to,
        [
            ["score", double.IsNaN(made.Score) ? "none" : ReadableNumber.Of(made.Score)],
            ["decision", made.Id + (made.Duplicate ? " (the first answer again)" : "")],
            ["owner", made.Owner.ToString()],
            ["at", made.At.ToString()],
            ["model", made.Model + (made.Fallback ? " (it could not score: the policy's fallback)" : "")],
            ["bundle", made.Bundle],
        ]);
        if (made.Outputs.Count > 0)
        {
            to.WriteLine();
            TextTable.Write(to, [.. made.Outputs.Select(output => new[] { output.Name, ReadableNumber.Of(output) })]);
        }

        to.WriteLine();
        TextTable.Write(to, made.Features);
    }
}
