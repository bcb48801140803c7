namespace Grid.Postgres;

/// <summary>The statements of a flush: one round trip, of which the last one looks after the commit of the others.</summary>
internal static class FlushSql
{
    /// <summary>
    /// Appends rows, puts them into the inboxes of those who must hear of them ($12 to $17), and takes out of their own entities' inboxes what they say
    /// themselves ($18 to $23). A chain whose first row carries the version that it expects before it (not -1) is checked against the log's head and left out
    /// where it is another; so is every chain where the last answer of the server ($10) lies too far back to trust what is not checked ($11).
    /// A version that is taken makes the whole transaction fail. Answers the server's time and the chains left out.
    /// </summary>
    public const string Rows =
        """
        with rows as materialized (
            select * from unnest($1, $2, $3, $4, $5, $6, $7, $8, $9) as r (kind, key, version, type, id_hash, at, body, chain, expected)),
        clock as materialized (select (extract(epoch from now()) * 1000000)::bigint as micros),
        bad as materialized (
            select r.chain from rows r where r.expected >= 0 and r.expected <> greatest(
                coalesce((select e.version from grid_log.events e where e.kind = r.kind and e.key = r.key order by e.version desc limit 1), 0),
                coalesce((select s.version from grid_log.snapshots s where s.kind = r.kind and s.key = r.key), 0))),
        told as (
            insert into grid_log.inbox (owner_kind, owner_key, kind, key, version)
            select owner_kind, owner_key, kind, key, version from unnest($12, $13, $14, $15, $16, $17) as t (owner_kind, owner_key, kind, key, version, chain)
            where chain <> all (array(select chain from bad)) and (select micros from clock) - $10 <= $11),
        taken as (
            delete from grid_log.inbox i using unnest($18, $19, $20, $21, $22, $23) as t (owner_kind, owner_key, kind, key, version, chain)
            where i.owner_kind = t.owner_kind and i.owner_key = t.owner_key and i.kind = t.kind and i.key = t.key and i.version = t.version
                and t.chain <> all (array(select chain from bad)) and (select micros from clock) - $10 <= $11),
        stored as (
            insert into grid_log.events (kind, key, version, type, id_hash, at, body)
            select kind, key, version, type, id_hash, at, body from rows
            where chain <> all (array(select chain from bad)) and (select micros from clock) - $10 <= $11)
        select (select micros from clock), nullif(array(select chain from bad), '{}')
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
