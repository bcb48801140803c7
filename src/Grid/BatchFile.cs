namespace Grid;

/// <summary>
/// Values of batch features that were computed elsewhere: all that there is of these features. Loading it takes the place of what was loaded of them before, as
/// a whole; an entity that it does not name has no value of them any more.
/// </summary>
/// <param name="Kind">The kind of the entities.</param>
/// <param name="Features">Short names of the features, in the order of each row's values.</param>
/// <param name="Rows">One per entity.</param>
public sealed record BatchFile(string Kind, IReadOnlyList<string> Features, IReadOnlyList<BatchRow> Rows);

/// <summary>The values of one entity.</summary>
/// <param name="Key">The entity's key.</param>
/// <param name="At">The time that the values were computed for; their age counts from it.</param>
/// <param name="Values">As many as there are features, or fewer; one that is missing says that there is no value.</param>
public readonly record struct BatchRow(string Key, EventTime At, IReadOnlyList<FieldValue> Values);

/// <summary>A file that was loaded.</summary>
/// <param name="Kind">The kind.</param>
/// <param name="Features">Short names of its features.</param>
/// <param name="Rows">How many entities it names.</param>
/// <param name="SeenFrom">
/// From this moment on it is seen. It lies a little ahead of the loading, so that every call, whichever owners it asks, sees all of it or nothing.
/// </param>
/// <param name="Oldest">The earliest time that a value was computed for.</param>
/// <param name="Newest">The latest.</param>
public sealed record BatchReceipt(string Kind, IReadOnlyList<string> Features, long Rows, EventTime SeenFrom, EventTime Oldest, EventTime Newest);
