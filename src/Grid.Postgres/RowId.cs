namespace Grid.Postgres;

/// <summary>Names a row of the log.</summary>
/// <param name="Entity">Whose row it is.</param>
/// <param name="Version">The entity's version that it made.</param>
internal readonly record struct RowId(EntityId Entity, long Version);
