using Grid.Features.Expressions;
using Grid.Features.Plans;
using Grid.Features.State.Loaded;

namespace Grid.Decisions.Hosting;

/// <summary>Validates a batch table against the bundle and converts it to its in-memory form.</summary>
internal static class BatchCheck
{
    private const string Expected = "one value a row for each feature that the file names";

    /// <exception cref="GridException">The kind or a feature is unknown, or a row is invalid.</exception>
    public static LoadedBatch Make(BatchFile file, KindPlan kind, EventTime known)
    {
        var features = file.Features.Select(name => PlaceOf(name, kind)).ToList();
        if (features.Count == 0)
        {
            throw GridException.Invalid(new("features", "none", $"at least one of {string.Join(", ", Known(kind))}"));
        }

        if (features.Distinct().Count() < features.Count)
        {
            throw GridException.Invalid(new("features", "a feature that is named twice", "each feature once"));
        }

        var keys = new HashSet<string>(StringComparer.Ordinal);
        var rows = new List<(string, EventTime, Value[])>(file.Rows.Count);
        for (var i = 0; i < file.Rows.Count; i++)
        {
            rows.Add(Row(file.Rows[i], i + 1, kind, features, known, keys));
        }

        return new(kind, features, rows, known);
    }

    /// <summary>
    /// Converts a table that was validated when it was loaded, without features that the bundle no longer has. Null if none is left.
    /// </summary>
    public static LoadedBatch? MakeAgain(BatchFile file, KindPlan kind, EventTime known)
    {
        var kept = Enumerable.Range(0, file.Features.Count).Where(i => Find(file.Features[i], kind) is not null).ToList();
        var rows = file.Rows.Select(row => (row.Key, row.At, kept.Select(i =>
        {
            var plan = Find(file.Features[i], kind)!;
            return i < row.Values.Count && TryRead(row.Values[i], plan.Batch!.Type, out var value) ? value : Value.Missing;
        }).ToArray())).ToList();
        return kept.Count == 0 ? null : new(kind, [.. kept.Select(i => Find(file.Features[i], kind)!.Ordinal)], rows, known);
    }

    /// <summary>The receipt of a loaded table.</summary>
    public static BatchReceipt ReceiptOf(LoadedBatch batch) => new(
        batch.Kind.Name,
        [.. batch.Features.Select(feature => batch.Kind.Features[feature].Name)],
        batch.Rows,
        batch.Known,
        batch.Times.Oldest,
        batch.Times.Newest);

    private static (string, EventTime, Value[]) Row(in BatchRow row, int number, KindPlan kind, List<int> features, EventTime known, HashSet<string> keys)
    {
        if (EntityCheck.FaultOf(row.Key) is { } fault)
        {
            throw GridException.Invalid(fault with { Field = $"row {number}, entity" });
        }

        if (!keys.Add(row.Key))
        {
            throw GridException.Invalid(new($"row {number}, entity", $"'{row.Key}' again", "each entity once"));
        }

        if (row.At > known)
        {
            throw GridException.Invalid(new($"row {number}, at", $"{row.At}, which is still to come", "the time that the values were computed for"));
        }

        if (row.Values.Count > features.Count)
        {
            throw GridException.Invalid(new($"row {number}", $"{row.Values.Count} values", Expected));
        }

        var values = new Value[features.Count];
        Array.Fill(values, Value.Missing);
        for (var i = 0; i < row.Values.Count; i++)
        {
            var plan = kind.Features[features[i]];
            if (!TryRead(row.Values[i], plan.Batch!.Type, out values[i]))
            {
                throw GridException.Invalid(new($"row {number}, {plan.Name}", $"'{row.Values[i]}'", $"a value of the type {plan.Batch.Type.ToString().ToLowerInvariant()}"));
            }
        }

        return (row.Key, row.At, values);
    }

    private static bool TryRead(FieldValue given, ExpressionType type, out Value value)
    {
        value = given.Given switch
        {
            FieldType.String => Value.Of(given.Text!),
            FieldType.None => Value.Missing,
            _ => Value.Of(given.Number),
        };
        return value.IsMissing ? given.Given == FieldType.None : type switch
        {
            ExpressionType.Text => given.Given == FieldType.String,
            ExpressionType.Boolean => given.Given == FieldType.Boolean,
            _ => given.Given is FieldType.Number or FieldType.Decimal && double.IsFinite(value.Number),
        };
    }

    private static int PlaceOf(string name, KindPlan kind) => Find(name, kind)?.Ordinal ?? throw GridException.Unknown($"batch feature of '{kind.Name}'", name, Known(kind));

    private static FeaturePlan? Find(string name, KindPlan kind) => kind.Features.FirstOrDefault(feature => feature.Batch is not null && feature.Name == name);

    private static IEnumerable<string> Known(KindPlan kind) => kind.Features.Where(feature => feature.Batch is not null).Select(feature => feature.Name);
}
