using System.Collections.Concurrent;

using Npgsql;
using NpgsqlTypes;

namespace Grid.Postgres;

/// <summary>The numbers that kinds and event types have in the tables. A number, once given, keeps its name for ever.</summary>
internal sealed class NameIds
{
    private readonly ConcurrentDictionary<string, int> _ids = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<int, string> _names = new();

    public bool TryGet(string name, out int id) => _ids.TryGetValue(name, out id);

    public int this[string name] => _ids[name];

    /// <summary>Gives numbers to names that have none.</summary>
    public async Task AddAsync(NpgsqlConnection connection, IReadOnlyCollection<string> names, CancellationToken cancellation)
    {
        var sorted = names.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToArray();
        using var insert = new NpgsqlCommand("insert into grid_log.names (name) select unnest($1) on conflict do nothing", connection);
        insert.Parameters.Add(new NpgsqlParameter<string[]> { TypedValue = sorted, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text });
        await insert.ExecuteNonQueryAsync(cancellation).ConfigureAwait(false);
        await LoadAsync(connection, cancellation).ConfigureAwait(false);
    }

    /// <summary>The name of a number; reads the table where it is one that another process has given.</summary>
    public async ValueTask<string> NameOfAsync(NpgsqlDataSource source, int id, CancellationToken cancellation)
    {
        if (_names.TryGetValue(id, out var known))
        {
            return known;
        }

        var connection = await source.OpenConnectionAsync(cancellation).ConfigureAwait(false);
        await using var ended = connection.ConfigureAwait(false);
        await LoadAsync(connection, cancellation).ConfigureAwait(false);
        return _names.TryGetValue(id, out var name)
            ? name
            : throw new LogSchemaException($"Table grid_log.events names number {id}, which is not in grid_log.names: rows were deleted there by hand.");
    }

    public async Task LoadAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        using var select = new NpgsqlCommand("select id, name from grid_log.names", connection);
        var reader = await select.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
        await using var ended = reader.ConfigureAwait(false);
        while (await reader.ReadAsync(cancellation).ConfigureAwait(false))
        {
            var (id, name) = (reader.GetInt32(0), reader.GetString(1));
            (_ids[name], _names[id]) = (id, name);
        }
    }
}
