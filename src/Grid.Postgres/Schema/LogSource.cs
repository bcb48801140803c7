using System.Globalization;

using Npgsql;

namespace Grid.Postgres;

/// <summary>How the log's connections are made.</summary>
internal static class LogSource
{
    // Plans that do not look at the parameters' values: arrays of a flush differ in length each time, and every statement goes by an index, also where the tables were
    // empty when the plan was made.
    // A server that acknowledges before the disk has it is told not to, for what the log acknowledges must be durable.
    // A lock is not waited for as long as a command may take: whoever holds it may be gone.
    private static readonly string Prepare =
        $"""
        select set_config('plan_cache_mode', 'force_generic_plan', false), set_config('jit', 'off', false), set_config('enable_seqscan', 'off', false);
        select set_config('lock_timeout', '{SilentBlockers.LockTimeoutMilliseconds.ToString(CultureInfo.InvariantCulture)}', false);
        select set_config('synchronous_commit', 'on', false) where current_setting('synchronous_commit') = 'off';
        """;

    // A server takes a hundred connections unless it is told otherwise, and several silos share it.
    private const int MostConnections = 20;

    public static NpgsqlDataSource Of(EventLogOptions options)
    {
        var settings = new NpgsqlConnectionStringBuilder(options.ConnectionString)
        {
            Timeout = (int)options.ConnectTimeout.TotalSeconds,
            CommandTimeout = (int)options.CommandTimeout.TotalSeconds,
            MaxAutoPrepare = 32,
            AutoPrepareMinUsages = 2,
            NoResetOnClose = true, // Nothing that a connection remembers is changed after it was made.
            Enlist = false,
        };
        settings.ApplicationName ??= "grid";
        if (!settings.Keys.Cast<string>().Contains("Maximum Pool Size", StringComparer.OrdinalIgnoreCase))
        {
            settings.MaxPoolSize = MostConnections;
        }

        var source = new NpgsqlDataSourceBuilder(settings.ConnectionString);
        source.UsePhysicalConnectionInitializer(
            connection =>
            {
                using var command = new NpgsqlCommand(Prepare, connection);
                command.ExecuteNonQuery();
            },
            async connection =>
            {
                using var command = new NpgsqlCommand(Prepare, connection);
                await command.ExecuteNonQueryAsync().ConfigureAwait(false);
            });
        return source.Build();
    }

    /// <summary>A process's first connection: it costs more than a later one, and nothing can be done without it, so a server that is slow to answer is asked again.</summary>
    public static async Task<NpgsqlConnection> ConnectAsync(NpgsqlDataSource source, TimeSpan patience, TimeProvider time, CancellationToken cancellation)
    {
        var began = time.GetTimestamp();
        while (true)
        {
            try
            {
                return await source.OpenConnectionAsync(cancellation).ConfigureAwait(false);
            }
            catch (NpgsqlException slow) when (slow.InnerException is TimeoutException && time.GetElapsedTime(began) < patience)
            {
                continue;
            }
        }
    }
}
