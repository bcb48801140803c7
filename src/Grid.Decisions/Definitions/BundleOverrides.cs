namespace Grid.Decisions.Definitions;

/// <summary>Overrides of a bundle's definitions, such as another of its models for a replay.</summary>
public sealed class BundleOverrides
{
    /// <summary>By decision name: the name of the model that scores it, one of the bundle's <c>models</c>.</summary>
    /// <value>The default is empty: every decision uses the model defined in the bundle.</value>
    public IReadOnlyDictionary<string, string> Models { get; init; } = new Dictionary<string, string>();
}
