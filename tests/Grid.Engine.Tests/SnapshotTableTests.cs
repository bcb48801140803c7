using System.Text;

using Microsoft.Data.Sqlite;

namespace Grid.Engine.Tests;

public sealed class SnapshotTableTests
{
    [Fact]
    public void Entities_whose_hashes_meet_keep_a_place_each_whatever_comes_in_between()
    {
        using var folder = new TestFolder();
        using var database = JournalDatabase.Open(folder.Database, 0);
        const long Place = 4_000;
        var plain = new Dictionary<string, (long Position, byte State)>();
        var random = new Random(5);
        for (var i = 1; i <= 200; i++)
        {
            var key = "abcd"[random.Next(4)].ToString();
            var state = (byte)random.Next(256);
            plain[key] = (i, state);
            database.Begin();
            database.Snapshots.Put(Place, "card"u8, Encoding.UTF8.GetBytes(key), i, [state, state]);
            database.Snapshots.Put(Place + 4, "card"u8, "beside"u8, i, [1]);
            database.Commit();

            Assert.Equal(plain.OrderBy(one => one.Key), Read(folder, "card").Where(one => one.Key != "beside").OrderBy(one => one.Key));
        }

        Assert.Equal(5, Read(folder, "card").Count);
        Assert.Equal(200, Read(folder, "card")["beside"].Position);
    }

    [Fact]
    public void Two_kinds_may_share_key_and_place()
    {
        using var folder = new TestFolder();
        using var database = JournalDatabase.Open(folder.Database, 0);

        database.Snapshots.Put(8, "card"u8, "é"u8, 1, [1]);
        database.Snapshots.Put(8, "terminal"u8, "é"u8, 2, [2]);
        database.Snapshots.Put(8, "card"u8, "é"u8, 3, [3]);

        Assert.Equal((3, (byte)3), Read(folder, "card")["é"]);
        Assert.Equal((2, (byte)2), Read(folder, "terminal")["é"]);
    }

    private static Dictionary<string, (long Position, byte State)> Read(TestFolder folder, string kind)
    {
        using var connection = new SqliteConnection($"Data Source={folder.Database};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT key, position, crc, state FROM snapshots WHERE kind = $kind";
        command.Parameters.AddWithValue("$kind", kind);
        using var row = command.ExecuteReader();
        var read = new Dictionary<string, (long Position, byte State)>();
        while (row.Read())
        {
            var state = (byte[])row.GetValue(3);
            Assert.Equal(JournalReader.SnapshotChecksum(row.GetInt64(1), state), row.GetInt64(2));
            read.Add(row.GetString(0), (row.GetInt64(1), state[0]));
        }

        return read;
    }
}
