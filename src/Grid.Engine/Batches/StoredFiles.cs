using Grid.Decisions.Hosting;
using Grid.Features.Binary;
using Grid.Json;

namespace Grid.Engine;

/// <summary>Files of batch features as the database keeps them: each whole, as the lines that it came in.</summary>
internal static class StoredFiles
{
    /// <summary>Reads what was loaded before. Called while nothing else uses the database.</summary>
    /// <exception cref="JournalException">A file is corrupt.</exception>
    public static void Load(JournalDatabase database, EngineCore core)
    {
        using var command = database.Prepare("SELECT known, kind, features, crc, body FROM files ORDER BY known", 0);
        using var row = command.ExecuteReader();
        while (row.Read())
        {
            var (known, name, body) = (row.GetInt64(0), row.GetString(1), (byte[])row.GetValue(4));
            if (row.GetInt64(3) != Checksum.Of(body))
            {
                throw new JournalException($"The batch file of {name} of {EventTime.FromUnixMilliseconds(known)} in '{database.File}' is corrupt (its checksum does not fit). Restore the folder from a copy.")
                {
                    IsCorrupt = true,
                };
            }

            if (core.KindsByName.TryGetValue(name, out var kind)
                && BatchCheck.MakeAgain(Named(BatchJson.Read(name, body), row.GetString(2).Split(',')), kind, EventTime.FromUnixMilliseconds(known)) is { } file)
            {
                core.Loaded.Add(file);
            }
        }
    }

    /// <summary>Writes a file.</summary>
    public static void Write(JournalDatabase database, BatchFile file, EventTime known, byte[] body)
    {
        using var put = database.Prepare("INSERT OR REPLACE INTO files VALUES($0, $1, $2, $3, $4)", 5);
        put.Parameters[0].Value = known.UnixMilliseconds;
        put.Parameters[1].Value = file.Kind;
        put.Parameters[2].Value = string.Join(',', file.Features);
        put.Parameters[3].Value = (long)Checksum.Of(body);
        put.Parameters[4].Value = body;
        put.ExecuteNonQuery();
    }

    /// <summary>Takes a file away.</summary>
    public static void Delete(JournalDatabase database, EventTime known)
    {
        using var delete = database.Prepare("DELETE FROM files WHERE known = $0", 1);
        delete.Parameters[0].Value = known.UnixMilliseconds;
        delete.ExecuteNonQuery();
    }

    // Lines name only what they have values of: the file may have named more, and an entity may have none of them.
    private static BatchFile Named(BatchFile read, string[] features)
    {
        var places = features.Select(name => read.Features.ToList().IndexOf(name)).ToArray();
        return read with
        {
            Features = features,
            Rows = [.. read.Rows.Select(row => row with { Values = [.. places.Select(place => place >= 0 && place < row.Values.Count ? row.Values[place] : default)] })],
        };
    }
}
