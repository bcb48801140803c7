using Grid.Testing;

namespace Grid.Postgres.Tests;

public sealed class SchemaTests(Databases databases)
{
    private const string Columns =
        """
        select string_agg(table_name || '.' || column_name || ' ' || data_type, E'\n' order by table_name collate "C", ordinal_position)
        from information_schema.columns where table_schema = 'grid_log'
        """;

    [Fact]
    public async Task Making_the_tables_again_and_by_several_at_once_changes_nothing()
    {
        var database = await databases.CreateEmptyAsync();
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => EventLog.CreateAsync(database, default)));
        await using (var log = await Logs.OpenAsync(database))
        {
            await log.WriterOf(Logs.Card, 0).AppendAsync("row");
        }

        await EventLog.CreateAsync(database, default);

        Assert.Equal(1, await Sql.ScalarAsync<long>(database, "select count(*) from grid_log.events"));
        Assert.Equal(1, await Sql.ScalarAsync<long>(database, "select count(*) from grid_log.format"));
    }

    [Fact]
    public async Task Without_tables_it_does_not_open_and_says_what_to_do()
    {
        var failure = await Assert.ThrowsAsync<LogSchemaException>(async () => await Logs.OpenAsync(await databases.CreateEmptyAsync()));

        Assert.Contains("Create them first", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Tables_of_a_newer_version_are_not_touched()
    {
        var database = await databases.CreateAsync();
        await Sql.RunAsync(database, "update grid_log.format set version = version + 1");

        await Assert.ThrowsAsync<LogSchemaException>(() => Logs.OpenAsync(database));
        await Assert.ThrowsAsync<LogSchemaException>(() => EventLog.CreateAsync(database, default));
    }

    [Fact]
    public async Task Tables_of_version_2_are_brought_up_to_date_with_everything_in_them()
    {
        var (made, old) = (await databases.CreateAsync(), await databases.CreateAsync());
        await Sql.RunAsync(old, "drop table grid_log.files; update grid_log.format set version = 2");
        await Assert.ThrowsAsync<LogSchemaException>(() => Logs.OpenAsync(old));
        await Sql.RunAsync(old, "insert into grid_log.names (name) values ('kept')");

        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => EventLog.CreateAsync(old, default)));

        await using var log = await Logs.OpenAsync(old);
        Assert.Empty(await log.Files.ListAsync(default));
        Assert.Equal(3, await Sql.ScalarAsync<int>(old, "select version from grid_log.format"));
        Assert.Equal("kept", await Sql.ScalarAsync<string>(old, "select name from grid_log.names"));
        Assert.Equal(await Sql.ScalarAsync<string>(made, Columns), await Sql.ScalarAsync<string>(old, Columns));
    }

    [Fact]
    public async Task A_server_that_cannot_be_reached_is_told_as_such()
    {
        var failure = await Assert.ThrowsAsync<LogUnavailableException>(() => Logs.OpenAsync("Host=127.0.0.1;Port=1;Username=grid"));

        Assert.Contains("cannot be reached", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_is_slow_to_answer_is_asked_again_when_the_log_is_opened()
    {
        var database = await databases.CreateAsync();
        await using var relay = new Relay(new Npgsql.NpgsqlConnectionStringBuilder(database).Port);
        _ = relay.HoldAnswers();

        var opening = Logs.OpenAsync(relay.Through(database), connectSeconds: 1, time: new SteppedTime());
        await relay.Accepted.WaitAsync().InTime();
        await Task.WhenAny(opening, relay.Accepted.WaitAsync()).InTime();

        Assert.False(opening.IsCompleted, "It was not asked again.");
        relay.LetAnswers();
        await using var log = await opening.InTime();
    }

    [Fact]
    public async Task A_server_that_is_silent_for_longer_than_a_command_may_take_cannot_be_reached()
    {
        var (database, time) = (await databases.CreateAsync(), new SteppedTime());
        await using var relay = new Relay(new Npgsql.NpgsqlConnectionStringBuilder(database).Port);
        _ = relay.HoldAnswers();

        var opening = Logs.OpenAsync(relay.Through(database), connectSeconds: 1, time: time);
        await relay.Accepted.WaitAsync().InTime();
        time.Advance(Logs.Patience);

        var failure = await Assert.ThrowsAsync<LogUnavailableException>(() => opening.InTime());
        Assert.Contains("cannot be reached", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_acknowledges_before_the_disk_has_it_is_told_not_to()
    {
        var database = await databases.CreateAsync();
        await Sql.RunAsync(database, $"alter database {new Npgsql.NpgsqlConnectionStringBuilder(database).Database} set synchronous_commit = off");
        await using var source = LogSource.Of(new() { ConnectionString = database });
        await using var connection = await source.OpenConnectionAsync();
        await using var command = new Npgsql.NpgsqlCommand("show synchronous_commit", connection);

        Assert.Equal("on", await command.ExecuteScalarAsync());
        Assert.Equal("off", await Sql.ScalarAsync<string>(database + ";Pooling=false", "show synchronous_commit"));
    }

    [Fact]
    public async Task The_tables_are_those_of_the_page_that_draws_them()
    {
        var database = await databases.CreateAsync();
        var made = await Sql.ScalarAsync<string>(database, Columns);

        Assert.Equal(Drawn().OrderBy(column => column.Split('.')[0], StringComparer.Ordinal), made.Split('\n'));
    }

    [Theory]
    [InlineData("", 20)]
    [InlineData(";MaxPoolSize=100", 100)]
    public async Task A_server_is_not_asked_for_more_connections_than_it_is_likely_to_have_unless_told_so(string told, int most)
    {
        await using var source = LogSource.Of(new() { ConnectionString = "Host=x;Username=grid" + told });

        Assert.Equal(most, new Npgsql.NpgsqlConnectionStringBuilder(source.ConnectionString).MaxPoolSize);
    }

    [Theory]
    [InlineData("Lanes")]
    [InlineData("QueueRows")]
    [InlineData("CommandTimeout")]
    public async Task A_setting_out_of_range_is_named(string setting)
    {
        var options = new EventLogOptions
        {
            ConnectionString = "Host=x",
            Lanes = setting == "Lanes" ? 0 : 1,
            QueueRows = setting == "QueueRows" ? 0 : 1,
            CommandTimeout = setting == "CommandTimeout" ? TimeSpan.Zero : TimeSpan.FromSeconds(1),
        };

        var failure = await Assert.ThrowsAsync<ArgumentException>(() => EventLog.OpenAsync(options, TimeProvider.System, null, default));

        Assert.StartsWith(setting, failure.Message, StringComparison.Ordinal);
    }

    /// <summary>The columns that <c>docs/formats/postgres.md</c> lists, table by table.</summary>
    private static IEnumerable<string> Drawn()
    {
        var table = "";
        foreach (var line in File.ReadLines(Path.Combine(Repository.Root, "docs", "formats", "postgres.md")))
        {
            if (line.StartsWith('`') && line.IndexOf("`:", StringComparison.Ordinal) is > 0 and var end)
            {
                table = line[1..end];
            }
            else if (line.StartsWith("| `", StringComparison.Ordinal))
            {
                var cells = line.Split('|', StringSplitOptions.TrimEntries);
                yield return $"{table}.{cells[1].Trim('`')} {cells[2]}";
            }
        }
    }
}
