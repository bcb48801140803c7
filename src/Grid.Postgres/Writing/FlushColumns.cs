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
    private readonly List<bool> _untold = [];
    private readonly List<int> _chains = [];
    private readonly List<long> _expected = [];

    public RowColumns() => Parameters =
    [
        FlushColumn.Of(_kinds, NpgsqlDbType.Integer), FlushColumn.Of(_keys, NpgsqlDbType.Text), FlushColumn.Of(_versions, NpgsqlDbType.Bigint),
        FlushColumn.Of(_types, NpgsqlDbType.Integer), FlushColumn.Of(_idHashes, NpgsqlDbType.Bigint), FlushColumn.Of(_times, NpgsqlDbType.Bigint),
        FlushColumn.Of(_bodies, NpgsqlDbType.Bytea), FlushColumn.Of(_untold, NpgsqlDbType.Boolean), FlushColumn.Of(_chains, NpgsqlDbType.Integer),
        FlushColumn.Of(_expected, NpgsqlDbType.Bigint),
    ];

    public NpgsqlParameter[] Parameters { get; }

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
        _untold.Clear();
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
        _untold.Add(row.Untold);
        _chains.Add(chain);
        _expected.Add(expected);
    }
}

/// <summary>The marks that a flush takes away.</summary>
internal sealed class MarkColumns
{
    private readonly List<int> _kinds = [];
    private readonly List<string> _keys = [];
    private readonly List<long> _versions = [];

    public MarkColumns() => Parameters =
        [FlushColumn.Of(_kinds, NpgsqlDbType.Integer), FlushColumn.Of(_keys, NpgsqlDbType.Text), FlushColumn.Of(_versions, NpgsqlDbType.Bigint)];

    public NpgsqlParameter[] Parameters { get; }

    public void Clear()
    {
        _kinds.Clear();
        _keys.Clear();
        _versions.Clear();
    }

    public void Add(int kind, string key, long version)
    {
        _kinds.Add(kind);
        _keys.Add(key);
        _versions.Add(version);
    }
}

/// <summary>The snapshots of a flush.</summary>
internal sealed class SnapshotColumns
{
    private readonly List<int> _kinds = [];
    private readonly List<string> _keys = [];
    private readonly List<long> _versions = [];
    private readonly List<ReadOnlyMemory<byte>> _bodies = [];

    public SnapshotColumns() => Parameters =
    [
        FlushColumn.Of(_kinds, NpgsqlDbType.Integer), FlushColumn.Of(_keys, NpgsqlDbType.Text), FlushColumn.Of(_versions, NpgsqlDbType.Bigint),
        FlushColumn.Of(_bodies, NpgsqlDbType.Bytea),
    ];

    public NpgsqlParameter[] Parameters { get; }

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
