namespace Grid.Engine;

/// <summary>
/// Lets go of what is older than the retention time: batches of records, oldest first, and the ids that point into them. A little at a time, for the journal's
/// thread does nothing else meanwhile.
/// </summary>
internal sealed class OldRecords(EngineCore core, CheckpointThrottle pace, long retentionMilliseconds)
{
    /// <summary>Into how many parts the ids are cut, by their hash.</summary>
    public const int Parts = 1 << PartBits;

    /// <summary>How many of them a checkpoint goes through; the next one goes on behind.</summary>
    public const int PartsAtOnce = 64;

    private const int PartBits = 10;
    private const int PartsInOne = 4;
    private const int BatchesAtOnce = 64;

    private int _part;

    /// <param name="settled">The position up to which everything is in snapshots.</param>
    public async Task ForgetAsync(long settled)
    {
        var (forgotten, oldest) = (0, 0L);
        do
        {
            await core.Journal.WriteAsync(database => (forgotten, oldest) = (ForgetBatches(database, settled), OldestOf(database))).ConfigureAwait(false);
            await pace.RestAsync().ConfigureAwait(false);
        }
        while (forgotten == BatchesAtOnce);

        // An id whose record is gone finds nothing, and so does no harm while it is still there.
        for (var left = oldest > 1 ? PartsAtOnce : 0; left > 0; left -= PartsInOne)
        {
            await core.Journal.WriteAsync(database => ForgetIds(database, oldest)).ConfigureAwait(false);
            await pace.RestAsync().ConfigureAwait(false);
        }
    }

    /// <summary>Deletes the oldest batches, as long as they are wholly older than the retention time.</summary>
    /// <returns>How many.</returns>
    private int ForgetBatches(JournalDatabase database, long settled)
    {
        using var newest = database.Prepare("SELECT max(latest) FROM batches", 0);
        if (newest.ExecuteScalar() is not long latest)
        {
            return 0;
        }

        var before = Math.Min(latest, core.Time.GetUtcNow().ToUnixTimeMilliseconds()) - retentionMilliseconds;
        var (count, last) = (0, 0L);
        using (var old = database.Prepare("SELECT first, count, latest FROM batches ORDER BY first LIMIT $0", 1))
        {
            old.Parameters[0].Value = (long)BatchesAtOnce;
            using var row = old.ExecuteReader();
            while (row.Read() && row.GetInt64(0) + row.GetInt64(1) - 1 is var end && end <= settled && row.GetInt64(2) < before)
            {
                (count, last) = (count + 1, end);
            }
        }

        if (count > 0)
        {
            using var delete = database.Prepare("DELETE FROM batches WHERE first <= $0", 1);
            delete.Parameters[0].Value = last;
            delete.ExecuteNonQuery();
        }

        return count;
    }

    private static long OldestOf(JournalDatabase database)
    {
        using var first = database.Prepare("SELECT min(first) FROM batches", 0);
        return first.ExecuteScalar() as long? ?? 0;
    }

    /// <summary>Deletes the ids of the next few parts that point before the first batch.</summary>
    private void ForgetIds(JournalDatabase database, long oldest)
    {
        using var delete = database.Prepare("DELETE FROM ids WHERE hash BETWEEN $0 AND $1 AND position < $2", 3);
        for (var left = PartsInOne; left > 0; left--)
        {
            var from = unchecked((long)((ulong)_part << (64 - PartBits)));
            delete.Parameters[0].Value = from;
            delete.Parameters[1].Value = from + (1L << (64 - PartBits)) - 1;
            delete.Parameters[2].Value = oldest;
            delete.ExecuteNonQuery();
            _part = (_part + 1) % Parts;
        }
    }
}
