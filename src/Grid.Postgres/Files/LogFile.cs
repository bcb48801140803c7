namespace Grid.Postgres;

/// <summary>A file of batch features that has a moment.</summary>
/// <param name="Id">Its number.</param>
/// <param name="Known">From when on it is seen.</param>
/// <param name="Sure">Whether that stands. Until then it may be taken away, by anybody.</param>
/// <param name="Kind">The kind whose features it holds.</param>
/// <param name="Features">Their names.</param>
internal sealed record LogFile(long Id, EventTime Known, bool Sure, string Kind, IReadOnlyList<string> Features);
