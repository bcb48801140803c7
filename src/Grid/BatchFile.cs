namespace Grid;

/// <summary>
/// All values of some batch features, computed elsewhere. Loading a file replaces every value of these features that was loaded before;
/// an entity without a row in the file has no value afterwards.
/// </summary>
/// <param name="Kind">The kind of the entities.</param>
/// <param name="Features">Short names of the features, in the order of each row's values.</param>
/// <param name="Rows">One row per entity.</param>
public sealed record BatchFile(string Kind, IReadOnlyList<string> Features, IReadOnlyList<BatchRow> Rows);

/// <summary>The values of one entity.</summary>
/// <param name="Key">The entity's key.</param>
/// <param name="At">The time that the values were computed for; their age is counted from it.</param>
/// <param name="Values">At most one value per feature; a value that is absent or missing means that the entity has no value.</param>
public readonly record struct BatchRow(string Key, EventTime At, IReadOnlyList<FieldValue> Values);

/// <summary>The result of loading a batch file.</summary>
/// <param name="Kind">The kind of the entities.</param>
/// <param name="Features">Short names of the features.</param>
/// <param name="Rows">Number of rows, one per entity.</param>
/// <param name="SeenFrom">
/// The time from which the values are visible. It is slightly later than the load, so that a call that reads several owners sees either
/// the whole file or none of it.
/// </param>
/// <param name="Oldest">The earliest time that a row was computed for.</param>
/// <param name="Newest">The latest time that a row was computed for.</param>
public sealed record BatchReceipt(string Kind, IReadOnlyList<string> Features, long Rows, EventTime SeenFrom, EventTime Oldest, EventTime Newest);
