namespace Grid;

/// <summary>The features of one entity, all read at the same time.</summary>
public sealed record EntityFeatures(EntityId Entity, EventTime At, IReadOnlyList<FeatureReading> Features)
{
    /// <summary>Finds a feature by its name, with or without the kind as prefix.</summary>
    /// <exception cref="KeyNotFoundException">The entity's kind has no feature of that name.</exception>
    public FeatureReading this[string name]
    {
        get
        {
            foreach (var feature in Features)
            {
                if (feature.Name == name || (feature.Name.Length > Entity.Kind.Length
                    && feature.Name.AsSpan(Entity.Kind.Length + 1).SequenceEqual(name)))
                {
                    return feature;
                }
            }

            throw new KeyNotFoundException($"Kind '{Entity.Kind}' has no feature '{name}'.");
        }
    }
}
