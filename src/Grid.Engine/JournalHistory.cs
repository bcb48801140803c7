using Grid.Decisions.Plans;
using Grid.Decisions.Records;

using Microsoft.Data.Sqlite;

namespace Grid.Engine;

/// <summary>One thing that was taken in.</summary>
/// <param name="Position">Where the journal has it; positions rise.</param>
/// <param name="Event">The event, the request, or the label, as it came in, with its type and fields as they were named then.</param>
/// <param name="Decision">The answer, where it was a request for a decision; null otherwise.</param>
internal sealed record JournalEntry(long Position, Event Event, Decision? Decision)
{
    /// <summary>The answer, where it was a request for a ranking; null otherwise.</summary>
    public Ranking? Ranking { get; init; }
}

/// <summary>Reads a journal from its oldest record on: for replays, audits and training sets. A grid may be at work on the folder meanwhile.</summary>
internal static class JournalHistory
{
    /// <summary>
    /// Everything that is in the journal, in its order. A label that came before its event is told once, where it came. Batches are checked as
    /// they are read.
    /// </summary>
    /// <param name="folder">The data folder.</param>
    /// <param name="bundle">A bundle; the records are told as they were written, whatever bundle that was.</param>
    /// <exception cref="JournalException">The folder holds no journal, or it is corrupt.</exception>
    public static IEnumerable<JournalEntry> Read(string folder, Bundle bundle)
    {
        ArgumentNullException.ThrowIfNull(folder);
        ArgumentNullException.ThrowIfNull(bundle);
        var file = Path.Combine(Path.GetFullPath(folder), "journal.db");
        using var reader = Open(file);
        var maps = reader.ReadSchemas().ToDictionary(schema => schema.Key, schema => new SchemaMap(schema.Value, bundle));
        var record = new JournalRecord();
        for (var batch = reader.Next(0); batch is { } now; batch = reader.Next(now.Last + 1))
        {
            var walk = new BatchWalk(now);
            while (walk.Next(out var position, out var bytes))
            {
                record.Read(position, bytes, maps[now.Schema]);
                if (record.Waited == 0)
                {
                    yield return new(position, record.ToEvent(), record.IsDecision ? record.ToDecision(DecisionId.Of(position), duplicate: false) : null)
                    {
                        Ranking = record.IsRanking ? record.ToRanking(DecisionId.Of(position), duplicate: false) : null,
                    };
                }
            }
        }
    }

    private static JournalReader Open(string file)
    {
        if (!File.Exists(file))
        {
            throw new JournalException($"There is no journal '{file}'.");
        }

        try
        {
            return new(file);
        }
        catch (SqliteException e)
        {
            throw JournalDatabase.Translate(file, e);
        }
    }
}
