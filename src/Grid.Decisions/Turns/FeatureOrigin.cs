namespace Grid.Decisions.Turns;

/// <summary>Where an input came from, and, of a copy, how long before the decision's moment it was read.</summary>
internal readonly record struct FeatureOrigin(FeatureSource Source, int StalenessMilliseconds);
