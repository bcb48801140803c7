using System.Globalization;
using Grid.Decisions.Plans;
using Grid.Features.Expressions;
using Grid.Features.Plans;
using Grid.Features.Sources;
using Grid.Json;

namespace Grid.Cli.Batches;

/// <summary>Reads values of batch features from a file: CSV with a header, or NDJSON.</summary>
internal static class BatchText
{
    /// <exception cref="GridException">There is no kind of that name.</exception>
    public static KindPlan KindOf(Bundle bundle, string name) => bundle.Definitions.Kinds.FirstOrDefault(one => one.Name == name)
        ?? throw GridException.Unknown("kind", name, bundle.Definitions.Kinds.Select(one => one.Name));

    /// <exception cref="SourceException">A column or a value is at fault.</exception>
    /// <exception cref="GridException">A line of NDJSON is at fault.</exception>
    public static BatchFile Read(string path, KindPlan kind)
    {
        if (!File.Exists(path))
        {
            throw new FileNotFoundException($"There is no file '{path}'.");
        }

        using var file = File.OpenRead(path);
        using var text = SourceFile.Decompressed(file);
        return IsNdJson(path) ? ReadLines(text, path, kind.Name) : ReadCsv(text, path, kind);
    }

    private static bool IsNdJson(string path)
    {
        var name = path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? path[..^3] : path;
        return name.EndsWith(".ndjson", StringComparison.OrdinalIgnoreCase) || name.EndsWith(".jsonl", StringComparison.OrdinalIgnoreCase);
    }

    private static BatchFile ReadLines(Stream text, string path, string kind)
    {
        using var whole = new MemoryStream();
        try
        {
            text.CopyTo(whole);
            var bytes = whole.GetBuffer().AsMemory(0, (int)whole.Length);
            return BatchJson.Read(kind, bytes.Span.StartsWith(Utf8Text.ByteOrderMark) ? bytes[Utf8Text.ByteOrderMark.Length..] : bytes);
        }
        catch (InvalidDataException broken)
        {
            throw new SourceException(path, 0, null, broken.Message, broken);
        }
        catch (GridException refused) when (refused.ValidationError is { } fault)
        {
            throw new SourceException(path, 0, null, fault.ToString(), refused);
        }
    }

    private static BatchFile ReadCsv(Stream text, string path, KindPlan kind)
    {
        var csv = new CsvReader(text, path);
        var header = csv.ReadHeader().ToList();
        var (entity, at) = (PlaceOf(BatchJson.Entity), PlaceOf(BatchJson.At));
        var features = header.Where((_, place) => place != entity && place != at).ToList();
        var types = features.Select(name => TypeOf(name, kind, path)).ToList();
        var places = features.Select(name => header.IndexOf(name)).ToList();
        var rows = new List<BatchRow>();
        while (csv.Read())
        {
            if (csv.Count != header.Count)
            {
                throw new SourceException(path, csv.Line, null, $"the line has {csv.Count} values; the header names {header.Count}.");
            }

            var computed = EventTime.TryParse(csv.Text(at), out var time) ? time
                : throw new SourceException(path, csv.Line, BatchJson.At, $"expected a moment such as 2026-01-01T00:00:00Z, found '{csv.Text(at)}'.");
            rows.Add(new(csv.Text(entity), computed, [.. places.Select((place, i) => TryRead(csv.Text(place), types[i], out var value) ? value : throw new SourceException(
                path, csv.Line, features[i], $"expected a {types[i].ToString().ToLowerInvariant()}, found '{csv.Text(place)}'."))]));
        }

        return new(kind.Name, features, rows);

        int PlaceOf(string column) => header.IndexOf(column) is var place and >= 0 ? place
            : throw new SourceException(path, 1, null, $"there is no column '{column}'. Its columns are {string.Join(", ", header)}.");
    }

    private static ExpressionType TypeOf(string name, KindPlan kind, string path)
    {
        var known = kind.Features.Where(feature => feature.Batch is not null).ToList();
        return known.Find(feature => feature.Name == name)?.Batch!.Type
            ?? throw new SourceException(path, 1, name, $"'{kind.Name}' has no batch feature of that name; it has {(known.Count == 0 ? "none" : string.Join(", ", known.Select(feature => feature.Name)))}.");
    }

    // An empty value says that there is none.
    private static bool TryRead(string text, ExpressionType type, out FieldValue value)
    {
        value = default;
        if (text.Length == 0)
        {
            return true;
        }

        switch (type)
        {
            case ExpressionType.Text:
                value = text;
                return true;
            case ExpressionType.Boolean:
                value = text is "true" or "True" or "1";
                return value.Exact != 0 || text is "false" or "False" or "0";
            default:
                var read = double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number);
                value = number;
                return read && double.IsFinite(number);
        }
    }
}
