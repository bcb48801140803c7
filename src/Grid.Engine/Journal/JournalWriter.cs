using System.Globalization;

using Microsoft.Data.Sqlite;

namespace Grid.Engine;

/// <summary>The journal's side towards the disk: writes a batch as one row, with other work, in one transaction, and knows what is committed.</summary>
internal sealed class JournalWriter : IDisposable
{
    private readonly JournalDatabase _database;
    private readonly DurableWatermark _mark;
    private readonly long _schema;
    private readonly TimeProvider _time;
    private long _previous;
    private long _committed;
    private long _otherWork;

    /// <param name="database">Where it is kept.</param>
    /// <param name="mark">The mark of the last commit.</param>
    /// <param name="schema">The id of today's schema.</param>
    /// <param name="newest">The last batch that is there.</param>
    /// <param name="time">The clock that measures.</param>
    public JournalWriter(JournalDatabase database, DurableWatermark mark, long schema, StoredBatch? newest, TimeProvider time)
    {
        (_database, _mark, _schema, _time) = (database, mark, schema, time);
        _committed = newest?.Last ?? 0;
        _previous = newest?.First ?? 0;
    }

    /// <summary>The last position that is on disk.</summary>
    public long Committed => Volatile.Read(ref _committed);

    /// <summary>How long other work than records took so far, its share of the commits included; in timestamps of the clock.</summary>
    public long OtherWork => Volatile.Read(ref _otherWork);

    /// <summary>Writes in one transaction.</summary>
    /// <returns>Why nothing of it was written; null where all was.</returns>
    public SqliteException? TryWrite(WriteBatch? batch, List<IJournalWork> works)
    {
        lock (_database)
        {
            try
            {
                _database.Begin();
                var started = _time.GetTimestamp();
                if (batch is { Count: > 0 })
                {
                    _database.Insert(batch.ToStored(_schema, _previous), batch.Buffer);
                }

                var inserted = _time.GetTimestamp();
                foreach (var work in works)
                {
                    work.Write(_database);
                }

                var worked = _time.GetTimestamp();
                _database.Commit();
                NoteOtherWork(started, inserted, worked);
                if (batch is { Count: > 0 })
                {
                    // Inside the lock: Resume removes what is after the last commit, and must know of this one.
                    _previous = batch.First;
                    Volatile.Write(ref _committed, batch.First + batch.Count - 1);
                    _mark.Write(_committed);
                }

                return null;
            }
            catch (SqliteException e)
            {
                _database.Rollback();
                return e;
            }
        }
    }

    /// <summary>
    /// Finds out after a failure whether the disk takes work again, and removes what may have reached it without anyone having been told.
    /// </summary>
    /// <exception cref="SqliteException">The disk still does not take work.</exception>
    public void Resume()
    {
        lock (_database)
        {
            _database.Rollback();
            _database.Probe();
            _database.Run(string.Create(CultureInfo.InvariantCulture, $"DELETE FROM batches WHERE first > {Committed}"));
        }
    }

    // A commit is divided between records and other work as the writing before it was.
    private void NoteOtherWork(long started, long inserted, long worked)
    {
        var commit = _time.GetTimestamp() - worked;
        var share = (worked - inserted) / (double)Math.Max(1, worked - started);
        Volatile.Write(ref _otherWork, _otherWork + worked - inserted + (long)(commit * share));
    }

    public void Dispose()
    {
        _mark.Dispose();
        _database.Dispose();
    }
}
