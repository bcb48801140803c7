using Grid.Features.Definitions.Yaml;
using Grid.Features.Expressions;
using Grid.Features.Plans;

namespace Grid.Features.Definitions.Kinds;

/// <summary>Reads a batch feature: <c>favourite_cuisine: { batch: text, max_age: 2d }</c>.</summary>
internal static class BatchReader
{
    /// <summary>The key that marks a batch feature.</summary>
    public const string Key = "batch";

    private const string Expected = "text, number or boolean";
    private const long UsualRetention = 90 * Durations.Day;
    private static readonly string[] Keys = [Key, "max_age", "empty"];

    /// <summary>
    /// Reads the feature; null (with a diagnostic) if it is invalid. Values have the retention of the kind or the bundle, if one is
    /// declared.
    /// </summary>
    public static FeaturePlan? Read(FeatureDraft feature, MapReader reader, int ordinal, long? retention, DiagnosticList faults)
    {
        reader.Only(Keys);
        var maxAge = reader.Duration("max_age");
        if (reader.Text(Key, Expected) is not { } text || (reader.Map["max_age"] is not null && maxAge is null))
        {
            return null;
        }

        feature.Type = text.Text switch
        {
            "text" => ExpressionType.Text,
            "number" => ExpressionType.Number,
            "boolean" => ExpressionType.Boolean,
            _ => ExpressionType.None,
        };
        if (feature.Type == ExpressionType.None)
        {
            faults.Add(text, $"Expected {Expected}, found {text.Words}.");
            return null;
        }

        var empty = EmptyReader.Read(feature.Type == ExpressionType.Text, reader, faults);
        if (reader.Map["empty"] is not null && empty is null)
        {
            return null;
        }

        var words = $"batch {text.Text}";
        words += maxAge is { } age ? $", at most {Durations.ToText(age)} old" : "";
        return new()
        {
            Ordinal = ordinal,
            Name = feature.Name,
            FullName = feature.FullName,
            Definition = words + EmptyReader.Words(empty),
            Batch = new(feature.Type, maxAge, Math.Max(retention ?? UsualRetention, maxAge ?? 0)),
            Empty = empty,
            IsText = feature.Type == ExpressionType.Text,
        };
    }
}
