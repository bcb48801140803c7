using Npgsql;
using NpgsqlTypes;

namespace Grid.Postgres;

/// <summary>A column of a flush: an array parameter over a list that is cleared and filled again each time.</summary>
internal static class FlushColumn
{
    public static NpgsqlParameter Of<T>(List<T> values, NpgsqlDbType type) =>
        new NpgsqlParameter<List<T>> { TypedValue = values, NpgsqlDbType = NpgsqlDbType.Array | type };
}

/// <summary>The rows of a flush, column by column.</summary>
internal sealed class RowColumns
{
    private readonly List<int> _kinds = [];
    private readonly List<string> _keys = [];
    private readonly List<long> _versions = [];
    private readonly List<int> _types = [];
    private readonly List<long> _idHashes = [];
    private readonly List<long> _times = [];
    private readonly List<ReadOnlyMemory<byte>> _bodies = [];
    private readonly List<int> _chains = [];
    private readonly List<long> _expected = [];

    /// <summary>Parameters over the columns, made anew each time: one belongs to one command.</summary>
    public NpgsqlParameter[] Parameters =>
    [
        FlushColumn.Of(_kinds, NpgsqlDbType.Integer), FlushColumn.Of(_keys, NpgsqlDbType.Text), FlushColumn.Of(_versions, NpgsqlDbType.Bigint),
        FlushColumn.Of(_types, NpgsqlDbType.Integer), FlushColumn.Of(_idHashes, NpgsqlDbType.Bigint), FlushColumn.Of(_times, NpgsqlDbType.Bigint),
        FlushColumn.Of(_bodies, NpgsqlDbType.Bytea), FlushColumn.Of(_chains, NpgsqlDbType.Integer), FlushColumn.Of(_expected, NpgsqlDbType.Bigint),
    ];

    public NpgsqlParameter TypesAgain => FlushColumn.Of(_types, NpgsqlDbType.Integer);

    public NpgsqlParameter IdHashesAgain => FlushColumn.Of(_idHashes, NpgsqlDbType.Bigint);

    public void Clear()
    {
        _kinds.Clear();
        _keys.Clear();
        _versions.Clear();
        _types.Clear();
        _idHashes.Clear();
        _times.Clear();
        _bodies.Clear();
        _chains.Clear();
        _expected.Clear();
    }

    /// <param name="row">The row.</param>
    /// <param name="names">The numbers of kinds and event types.</param>
    /// <param name="chain">The chain that it is part of.</param>
    /// <param name="expected">The version that the log must hold before it, where that is to be checked; -1 where not.</param>
    public void Add(PendingRow row, NameIds names, int chain, long expected)
    {
        _kinds.Add(names[row.Writer.Entity.Kind]);
        _keys.Add(row.Writer.Entity.Key);
        _versions.Add(row.Version);
        _types.Add(names[row.EventType]);
        _idHashes.Add(row.IdHash);
        _times.Add(row.At);
        _bodies.Add(row.Bytes);
        _chains.Add(chain);
        _expected.Add(expected);
    }
}

/// <summary>Entries of inboxes, column by column: those that a flush puts in, or those that it takes out.</summary>
internal sealed class InboxColumns
{
    private readonly List<int> _ownerKinds = [];
    private readonly List<string> _ownerKeys = [];
    private readonly List<int> _kinds = [];
    private readonly List<string> _keys = [];
    private readonly List<long> _versions = [];
    private readonly List<int> _chains = [];

    /// <inheritdoc cref="RowColumns.Parameters"/>
    public NpgsqlParameter[] Parameters =>
    [
        FlushColumn.Of(_ownerKinds, NpgsqlDbType.Integer), FlushColumn.Of(_ownerKeys, NpgsqlDbType.Text), FlushColumn.Of(_kinds, NpgsqlDbType.Integer),
        FlushColumn.Of(_keys, NpgsqlDbType.Text), FlushColumn.Of(_versions, NpgsqlDbType.Bigint), FlushColumn.Of(_chains, NpgsqlDbType.Integer),
    ];

    public void Clear()
    {
        _ownerKinds.Clear();
        _ownerKeys.Clear();
        _kinds.Clear();
        _keys.Clear();
        _versions.Clear();
        _chains.Clear();
    }

    /// <param name="owner">Whose inbox it is.</param>
    /// <param name="row">The row that the owner must hear of.</param>
    /// <param name="names">The numbers of kinds.</param>
    /// <param name="chain">The chain that puts it in, or takes it out.</param>
    public void Add(EntityId owner, RowId row, NameIds names, int chain)
    {
        _ownerKinds.Add(names[owner.Kind]);
        _ownerKeys.Add(owner.Key);
        _kinds.Add(names[row.Entity.Kind]);
        _keys.Add(row.Entity.Key);
        _versions.Add(row.Version);
        _chains.Add(chain);
    }
}

/// <summary>The snapshots of a flush.</summary>
internal sealed class SnapshotColumns
{
    private readonly List<int> _kinds = [];
    private readonly List<string> _keys = [];
    private readonly List<long> _versions = [];
    private readonly List<ReadOnlyMemory<byte>> _bodies = [];

    /// <inheritdoc cref="RowColumns.Parameters"/>
    public NpgsqlParameter[] Parameters =>
    [
        FlushColumn.Of(_kinds, NpgsqlDbType.Integer), FlushColumn.Of(_keys, NpgsqlDbType.Text), FlushColumn.Of(_versions, NpgsqlDbType.Bigint),
        FlushColumn.Of(_bodies, NpgsqlDbType.Bytea),
    ];

    public bool IsEmpty => _kinds.Count == 0;

    public void Clear()
    {
        _kinds.Clear();
        _keys.Clear();
        _versions.Clear();
        _bodies.Clear();
    }

    public void Add(int kind, string key, long version, ReadOnlyMemory<byte> body)
    {
        _kinds.Add(kind);
        _keys.Add(key);
        _versions.Add(version);
        _bodies.Add(body);
    }
}
