using Grid.Testing;

using Npgsql;

namespace Grid.Postgres.Tests;

/// <summary>A process freezes in the middle of sending a flush, and another takes its entities over.</summary>
public sealed class FrozenTests(Databases databases)
{
    private const string NextRow =
        """
        insert into grid_log.events (kind, key, version, type, id_hash, at, body)
        select kind, key, version + 1, type, id_hash, at, 'frozen' from grid_log.events where version = 1
        """;

    [Fact]
    public async Task Who_takes_over_is_not_held_up_by_a_flush_that_never_ends()
    {
        var database = await databases.CreateAsync();
        await using var log = await Logs.OpenAsync(database, lanes: 1);
        await log.WriterOf(Logs.Card, 0).AppendAsync("1");
        using var frozen = await SilentClient.StartAsync(database, NextRow);
        var (young, bystander) = (log.WriterOf(Logs.Card, 1), log.WriterOf(new("card", "bystander"), 0));

        var both = Task.WhenAll(young.AppendAsync("young 2"), bystander.AppendAsync("fine"));

        await both.InTime(); // The command's own time limit comes later, and would end in failure.
        Assert.Equal(["1", "young 2"], (await log.ReadAsync(Logs.Card, default)).Rows.Texts());
    }

    [Fact]
    public async Task A_transaction_whose_client_is_slow_but_in_nobodys_way_is_let_be()
    {
        var database = await databases.CreateAsync();
        await using var log = await Logs.OpenAsync(database, lanes: 1);
        await log.WriterOf(Logs.Card, 0).AppendAsync("1");
        await using var slow = new NpgsqlConnection(database);
        await slow.OpenAsync();
        await using var transaction = await slow.BeginTransactionAsync();
        await using (var insert = new NpgsqlCommand(NextRow, slow))
        {
            await insert.ExecuteNonQueryAsync();
        }

        var bystander = log.WriterOf(new("card", "bystander"), 0);
        await bystander.AppendManyAsync(50);
        await transaction.CommitAsync();

        Assert.Equal(["1", "frozen"], (await log.ReadAsync(Logs.Card, default)).Rows.Texts());
    }
}
