using Npgsql;

namespace Grid.Orleans;

/// <summary>
/// The tables on PostgreSQL that Orleans' ADO.NET providers work with: who is in the cluster, and grain state. The providers read their commands
/// from table <c>OrleansQuery</c>, by keys and with parameters of theirs; the commands and the tables behind them are ours.
/// </summary>
internal static class ClusterTables
{
    // Any number that nobody else takes for an advisory lock of the database: silos that start at once take turns.
    private const long CreateLock = 0x6772_6964_6F72_6C01;

    private const string Tables =
        """
        create schema if not exists grid_cluster;
        create table if not exists OrleansQuery (QueryKey text primary key, QueryText text not null);
        create table if not exists grid_cluster.versions (
            cluster text primary key,
            version int not null default 0,
            changed timestamptz not null default now());
        create table if not exists grid_cluster.silos (
            cluster text not null references grid_cluster.versions,
            address text not null,
            port int not null,
            generation int not null,
            silo text not null,
            host text not null,
            status int not null,
            proxy_port int,
            suspects text,
            started timestamptz not null,
            alive timestamptz not null,
            primary key (cluster, address, port, generation));
        create table if not exists grid_cluster.state (
            service text not null,
            type text not null,
            n0 bigint not null,
            n1 bigint not null,
            ext text not null,
            version int not null,
            changed timestamptz not null default now(),
            payload bytea,
            primary key (service, type, n0, n1, ext));
        """;

    private static readonly Dictionary<string, string> Queries = new()
    {
        ["GatewaysQueryKey"] =
            """
            select address as "Address", proxy_port as "ProxyPort", generation as "Generation" from grid_cluster.silos
            where cluster = @DeploymentId and status = @Status and proxy_port > 0
            """,
        ["MembershipReadRowKey"] = ReadSilos("and s.address = @Address and s.port = @Port and s.generation = @Generation"),
        ["MembershipReadAllKey"] = ReadSilos(""),
        ["InsertMembershipVersionKey"] =
            """
            with added as (insert into grid_cluster.versions (cluster) values (@DeploymentId) on conflict do nothing returning 1)
            select count(*)::int from added
            """,
        ["UpdateIAmAlivetimeKey"] =
            """
            update grid_cluster.silos set alive = @IAmAliveTime
            where cluster = @DeploymentId and address = @Address and port = @Port and generation = @Generation
            """,
        ["InsertMembershipKey"] =
            """
            with bumped as (
                update grid_cluster.versions set version = version + 1, changed = now()
                where cluster = @DeploymentId and version = @Version and not exists (
                    select 1 from grid_cluster.silos
                    where cluster = @DeploymentId and address = @Address and port = @Port and generation = @Generation)
                returning 1),
            added as (
                insert into grid_cluster.silos (cluster, address, port, generation, silo, host, status, proxy_port, started, alive)
                select @DeploymentId, @Address, @Port, @Generation, @SiloName, @HostName, @Status, @ProxyPort, @StartTime, @IAmAliveTime from bumped
                returning 1)
            select count(*)::int from added
            """,
        ["UpdateMembershipKey"] =
            """
            with bumped as (
                update grid_cluster.versions set version = version + 1, changed = now()
                where cluster = @DeploymentId and version = @Version and exists (
                    select 1 from grid_cluster.silos
                    where cluster = @DeploymentId and address = @Address and port = @Port and generation = @Generation)
                returning 1),
            updated as (
                update grid_cluster.silos set status = @Status, suspects = @SuspectTimes, alive = @IAmAliveTime
                where cluster = @DeploymentId and address = @Address and port = @Port and generation = @Generation and exists (select 1 from bumped)
                returning 1)
            select count(*)::int from updated
            """,
        ["DeleteMembershipTableEntriesKey"] =
            """
            delete from grid_cluster.silos where cluster = @DeploymentId;
            delete from grid_cluster.versions where cluster = @DeploymentId
            """,
        // Status 3 is a silo at work.
        ["CleanupDefunctSiloEntriesKey"] = "delete from grid_cluster.silos where cluster = @DeploymentId and alive < @IAmAliveTime and status <> 3",
        ["ReadFromStorageKey"] =
            $"""
            select payload as "PayloadBinary", version as "Version" from grid_cluster.state where {OfGrain}
            """,
        // Nothing changed tells the provider that another activation was quicker.
        ["WriteToStorageKey"] =
            $"""
            with updated as (
                update grid_cluster.state set payload = @PayloadBinary, version = version + 1, changed = now()
                where {OfGrain} and version = @GrainStateVersion::int
                returning version),
            added as (
                insert into grid_cluster.state (service, type, n0, n1, ext, version, payload)
                select @ServiceId, @GrainTypeString, @GrainIdN0, @GrainIdN1, coalesce(@GrainIdExtensionString::text, ''), 1, @PayloadBinary
                where @GrainStateVersion::int is null
                on conflict do nothing
                returning version)
            select coalesce((select version from updated), (select version from added), @GrainStateVersion::int) as "NewGrainStateVersion"
            """,
        ["ClearStorageKey"] =
            $"""
            with updated as (
                update grid_cluster.state set payload = null, version = version + 1, changed = now()
                where {OfGrain} and version = @GrainStateVersion::int
                returning version)
            select coalesce((select version from updated), @GrainStateVersion::int) as "NewGrainStateVersion"
            """,
        ["DeleteStorageKey"] =
            $"""
            with deleted as (delete from grid_cluster.state where {OfGrain} and version = @GrainStateVersion::int returning version + 1 as version)
            select coalesce((select version from deleted), @GrainStateVersion::int) as "NewGrainStateVersion"
            """,
    };

    private const string OfGrain =
        "service = @ServiceId and type = @GrainTypeString and n0 = @GrainIdN0 and n1 = @GrainIdN1 and ext = coalesce(@GrainIdExtensionString::text, '')";

    /// <summary>Makes what is missing, and brings the commands up to date. Several silos may do so at once.</summary>
    /// <exception cref="NpgsqlException">The server cannot be reached, or does not let the user make tables.</exception>
    public static async Task CreateAsync(string connectionString, CancellationToken cancellation)
    {
        var connection = new NpgsqlConnection(connectionString);
        await using var ended = connection.ConfigureAwait(false);
        await connection.OpenAsync(cancellation).ConfigureAwait(false);
        var transaction = await connection.BeginTransactionAsync(cancellation).ConfigureAwait(false);
        await using var over = transaction.ConfigureAwait(false);
        await RunAsync(connection, "select pg_advisory_xact_lock(@lock)", cancellation, ("lock", CreateLock)).ConfigureAwait(false);
        await RunAsync(connection, Tables, cancellation).ConfigureAwait(false);
        foreach (var (key, text) in Queries)
        {
            await RunAsync(
                connection,
                "insert into OrleansQuery (QueryKey, QueryText) values (@key, @text) on conflict (QueryKey) do update set QueryText = excluded.QueryText",
                cancellation,
                ("key", key),
                ("text", text)).ConfigureAwait(false);
        }

        await transaction.CommitAsync(cancellation).ConfigureAwait(false);
    }

    private static string ReadSilos(string and) =>
        $"""
        select v.version as "Version", s.address as "Address", s.port as "Port", s.generation as "Generation", s.silo as "SiloName", s.host as "HostName",
            s.status as "Status", s.proxy_port as "ProxyPort", s.suspects as "SuspectTimes", s.started as "StartTime", s.alive as "IAmAliveTime"
        from grid_cluster.versions v left join grid_cluster.silos s on s.cluster = v.cluster {and}
        where v.cluster = @DeploymentId
        """;

    private static async Task RunAsync(NpgsqlConnection connection, string sql, CancellationToken cancellation, params (string Name, object Value)[] parameters)
    {
        var command = new NpgsqlCommand(sql, connection);
        await using var ended = command.ConfigureAwait(false);
        foreach (var (name, value) in parameters)
        {
            command.Parameters.AddWithValue(name, value);
        }

        await command.ExecuteNonQueryAsync(cancellation).ConfigureAwait(false);
    }
}
