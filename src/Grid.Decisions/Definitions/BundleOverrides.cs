namespace Grid.Decisions.Definitions;

/// <summary>What is taken otherwise than a bundle says, such as another of its models for a replay.</summary>
public sealed class BundleOverrides
{
    /// <summary>By the name of a decision, the name of the model that scores it: one of the bundle's <c>models</c>.</summary>
    /// <value>The default is empty: every decision has the model that the bundle gives it.</value>
    public IReadOnlyDictionary<string, string> Models { get; init; } = new Dictionary<string, string>();
}
