using Grid.Features.Definitions.Yaml;
using Grid.Features.Expressions;
using Grid.Features.Plans;

namespace Grid.Features.Definitions.Kinds;

/// <summary>A feature while it is read.</summary>
internal sealed class FeatureDraft(YamlEntry entry, string kind)
{
    public YamlText Key => entry.Key;

    public YamlValue Value => entry.Value;

    public string Name => entry.Name;

    public string FullName { get; } = $"{kind}.{entry.Name}";

    public bool IsBeingRead { get; set; }

    /// <summary>Whether the feature was read; <see cref="Plan"/> is the result.</summary>
    public bool IsRead { get; set; }

    /// <summary>Null if the feature is invalid (with a diagnostic) or not read yet.</summary>
    public FeaturePlan? Plan { get; set; }

    public ExpressionType Type { get; set; } = ExpressionType.Number;
}
