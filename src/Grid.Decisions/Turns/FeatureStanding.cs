namespace Grid.Decisions;

/// <summary>Where an input came from, and, of a copy, how long before the decision's moment it was read.</summary>
internal readonly record struct FeatureStanding(FeatureRung Rung, int BehindMilliseconds);
