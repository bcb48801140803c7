namespace Grid.Decisions.Turns;

/// <summary>The feature source of an input and, for a replica, its staleness in milliseconds.</summary>
internal readonly record struct FeatureOrigin(FeatureSource Source, int StalenessMilliseconds);
