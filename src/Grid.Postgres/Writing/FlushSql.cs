namespace Grid.Postgres;

/// <summary>The statements of a flush: one round trip, of which the first three are one transaction, and the last one looks after its commit.</summary>
internal static class FlushSql
{
    /// <summary>
    /// Appends rows. A chain whose first row carries the version that it expects before it (not -1) is checked against the log's head and left out
    /// where it is another; so is every chain where the last answer of the server ($11) lies too far back to trust what is not checked ($12).
    /// A version that is taken makes the whole transaction fail. Answers the server's time and the chains left out.
    /// </summary>
    public const string Rows =
        """
        with rows as materialized (
            select * from unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) as r (kind, key, version, type, id_hash, at, body, untold, chain, expected)),
        clock as materialized (select (extract(epoch from now()) * 1000000)::bigint as micros),
        bad as materialized (
            select r.chain from rows r where r.expected >= 0 and r.expected <> greatest(
                coalesce((select e.version from grid_log.events e where e.kind = r.kind and e.key = r.key order by e.version desc limit 1), 0),
                coalesce((select s.version from grid_log.snapshots s where s.kind = r.kind and s.key = r.key), 0))),
        told as (
            insert into grid_log.untold (kind, key, version) select kind, key, version from rows
            where untold and chain <> all (array(select chain from bad)) and (select micros from clock) - $11 <= $12),
        stored as (
            insert into grid_log.events (kind, key, version, type, id_hash, at, body)
            select kind, key, version, type, id_hash, at, body from rows
            where chain <> all (array(select chain from bad)) and (select micros from clock) - $11 <= $12)
        select (select micros from clock), nullif(array(select chain from bad), '{}')
        """;

    public const string Settle =
        """
        delete from grid_log.untold u using unnest($1, $2, $3) as s (kind, key, version)
        where u.kind = s.kind and u.key = s.key and u.version = s.version
        """;

    public const string Snapshots =
        """
        insert into grid_log.snapshots as s (kind, key, version, body) select * from unnest($1, $2, $3, $4)
        on conflict (kind, key) do update set version = excluded.version, body = excluded.body where s.version < excluded.version
        """;

    /// <summary>The rows' places, from 1, for which labels wait. Asked after the commit: a label that was added later is told of the row itself.</summary>
    public const string Waiting =
        """
        select r.place::int from unnest($1, $2) with ordinality as r (type, id_hash, place)
        where exists (select from grid_log.waiting)
            and exists (select from grid_log.waiting w where w.id_hash = r.id_hash and w.type = r.type)
        """;
}
