using Npgsql;

namespace Grid.Postgres.Tests;

/// <summary>The server commits, and its answer never arrives.</summary>
public sealed class LostAnswerTests(Databases databases)
{
    [Fact]
    public async Task A_commit_whose_answer_was_lost_has_an_unknown_outcome_and_is_there()
    {
        var database = await databases.CreateAsync();
        await using var relay = new Relay(new NpgsqlConnectionStringBuilder(database).Port);
        var through = new NpgsqlConnectionStringBuilder(database) { Port = relay.Port }.ConnectionString;
        await using var log = await Logs.OpenAsync(through, lanes: 1);
        var writer = log.WriterOf(Logs.Card, 0);
        await writer.AppendAsync("answered");

        _ = relay.HoldAnswers();
        var append = writer.AppendAsync("answer lost");
        while (await Sql.ScalarAsync<long>(database, "select count(*) from grid_log.events") < 2)
        {
            await Task.Yield();
        }

        Assert.False(append.IsCompleted);
        relay.Cut();

        Assert.True((await Assert.ThrowsAsync<LogUnavailableException>(() => append)).OutcomeUnknown);
        await Assert.ThrowsAsync<LogUnavailableException>(() => writer.AppendAsync("must not stand on it"));
        var history = await log.ReadAsync(Logs.Card, default);
        Assert.Equal(["answered", "answer lost"], history.Rows.Texts());
        await log.WriterOf(Logs.Card, history.Version).AppendAsync("goes on");
    }
}
