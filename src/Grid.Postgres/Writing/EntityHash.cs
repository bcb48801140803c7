namespace Grid.Postgres;

/// <summary>
/// A hash of an entity's name that is the same in every process: it is the order in which every process's flush takes its locks, so that two
/// flushes that share entities wait for each other in one direction only.
/// </summary>
internal static class EntityHash
{
    public static ulong Of(EntityId entity) => With(With(14695981039346656037, entity.Kind) ^ 0xFF, entity.Key);

    // FNV-1a over UTF-16 units, then a last mixing for the high bits. Fowler, Noll and Vo, 1991.
    private static ulong With(ulong hash, string text)
    {
        foreach (var c in text)
        {
            hash = (hash ^ c) * 1099511628211;
        }

        return hash ^ (hash >> 29);
    }
}
