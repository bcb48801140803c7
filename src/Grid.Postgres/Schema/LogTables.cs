using System.Globalization;

using Npgsql;

namespace Grid.Postgres;

/// <summary>The log's tables, drawn in <c>docs/formats/postgres.md</c>, and their version.</summary>
internal static class LogTables
{
    /// <summary>The version that this code writes and reads. A change of the tables raises it, and adds the step from the one before.</summary>
    public const int Version = 3;

    private const string Tables =
        """
        create schema if not exists grid_log;
        create table grid_log.format (version int not null);
        create table grid_log.names (
            id int generated always as identity primary key,
            name text collate "C" not null unique);
        create table grid_log.events (
            kind int not null,
            key text collate "C" not null,
            version bigint not null,
            type int not null,
            id_hash bigint not null,
            at bigint not null,
            written timestamptz not null default now(),
            body bytea not null,
            primary key (kind, key, version));
        alter table grid_log.events alter column body set storage external;
        create index events_id on grid_log.events (id_hash);
        create index events_written on grid_log.events using brin (written) with (pages_per_range = 32, autosummarize = on);
        create table grid_log.snapshots (
            kind int not null,
            key text collate "C" not null,
            version bigint not null,
            body bytea not null,
            primary key (kind, key)) with (fillfactor = 85);
        alter table grid_log.snapshots alter column body set storage external;
        create table grid_log.inbox (
            owner_kind int not null,
            owner_key text collate "C" not null,
            kind int not null,
            key text collate "C" not null,
            version bigint not null,
            told timestamptz not null default now(),
            primary key (owner_kind, owner_key, kind, key, version))
            with (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 20000, autovacuum_vacuum_cost_delay = 0,
                autovacuum_vacuum_insert_scale_factor = 0.5, autovacuum_analyze_scale_factor = 10);
        create table grid_log.waiting (
            place bigint generated always as identity,
            type int not null,
            id_hash bigint not null,
            body bytea not null,
            digest bytea not null generated always as (sha256(body)) stored,
            primary key (id_hash, type, digest));
        insert into grid_log.format values (2);
        """;

    // From version 2 to 3. Tables that are made anew take the same step.
    private const string Files =
        """
        create table grid_log.files (
            id bigint generated always as identity primary key,
            put timestamptz not null default now(),
            known bigint unique,
            sure boolean not null default false,
            kind text collate "C" not null,
            features text collate "C" not null,
            checksum bigint not null,
            body bytea not null);
        alter table grid_log.files alter column body set storage external;
        update grid_log.format set version = 3;
        """;

    /// <inheritdoc cref="EventLog.CreateAsync"/>
    public static async Task CreateAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        var transaction = await connection.BeginTransactionAsync(cancellation).ConfigureAwait(false);
        await using var ended = transaction.ConfigureAwait(false);
        await RunAsync(connection, LogLocks.ToCreate, cancellation).ConfigureAwait(false);
        switch (await ReadVersionAsync(connection, cancellation).ConfigureAwait(false))
        {
            case null:
                await RunAsync(connection, Tables + Files, cancellation).ConfigureAwait(false);
                break;
            case 2:
                await RunAsync(connection, Files, cancellation).ConfigureAwait(false);
                break;
            case Version:
                break;
            case { } other:
                throw Mismatch(other);
        }

        await transaction.CommitAsync(cancellation).ConfigureAwait(false);
    }

    /// <summary>Finds out whether the tables are there, and of this version.</summary>
    /// <exception cref="LogSchemaException">They are not.</exception>
    public static async Task CheckAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        var version = await ReadVersionAsync(connection, cancellation).ConfigureAwait(false)
            ?? throw new LogSchemaException($"Database '{connection.Database}' has no table grid_log.format: the log's tables were not made yet. Create them first.");
        if (version != Version)
        {
            throw Mismatch(version);
        }
    }

    private static LogSchemaException Mismatch(int version) => new(
        $"The log's tables are of version {version.ToString(CultureInfo.InvariantCulture)}, and this program knows version "
        + $"{Version.ToString(CultureInfo.InvariantCulture)} only. Use a program of the same version as the one that made them.");

    private static async Task<int?> ReadVersionAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        if (await ScalarAsync(connection, "select to_regclass('grid_log.format')::text", cancellation).ConfigureAwait(false) is not string)
        {
            return null;
        }

        return await ScalarAsync(connection, "select max(version) from grid_log.format", cancellation).ConfigureAwait(false) as int?;
    }

    private static async Task<object?> ScalarAsync(NpgsqlConnection connection, string sql, CancellationToken cancellation)
    {
        using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync(cancellation).ConfigureAwait(false);
    }

    private static async Task RunAsync(NpgsqlConnection connection, string sql, CancellationToken cancellation)
    {
        using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancellation).ConfigureAwait(false);
    }
}
