using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using Grid.Decisions.Plans;
using Grid.Decisions.Records;

namespace Grid.Orleans;

/// <summary>The schemas that rows name, as this silo's bundle reads them. A schema that is not known yet is read from the storage.</summary>
internal sealed class SchemaBook(Bundle bundle, IGridStorage storage)
{
    private readonly ConcurrentDictionary<ulong, SchemaMap> _maps = new();
    private readonly Lock _lock = new();
    private Task? _put;

    /// <summary>The fingerprint of the schema that this silo writes with.</summary>
    public ulong Current { get; } = FingerprintOf(bundle);

    /// <summary>What rows call the schema of a bundle: the first 64 bits of its SHA-256.</summary>
    public static ulong FingerprintOf(Bundle bundle) => BinaryPrimitives.ReadUInt64LittleEndian(SHA256.HashData(JournalSchema.Of(bundle).ToBytes()));

    /// <summary>Stores today's schema, once: before the first row that names it.</summary>
    public Task PutCurrentAsync()
    {
        lock (_lock)
        {
            return _put is null or { IsFaulted: true } or { IsCanceled: true } ? _put = PutAsync() : _put;
        }
    }

    public SchemaMap? Find(ulong fingerprint) => _maps.GetValueOrDefault(fingerprint);

    /// <summary>Makes the map of a row's schema be at hand.</summary>
    /// <exception cref="InvalidDataException">Nobody has stored it.</exception>
    public async ValueTask<SchemaMap> MapOfAsync(ReadOnlyMemory<byte> body, CancellationToken cancellation)
    {
        var fingerprint = RowBody.SchemaOf(body.Span);
        if (_maps.TryGetValue(fingerprint, out var known))
        {
            return known;
        }

        var bytes = await storage.GetSchemaAsync(fingerprint, cancellation).ConfigureAwait(false)
            ?? throw new InvalidDataException($"A stored row names schema {fingerprint:x16}, which is not stored.");
        return _maps.GetOrAdd(fingerprint, new SchemaMap(JournalSchema.Read(bytes), bundle));
    }

    private async Task PutAsync()
    {
        var schema = JournalSchema.Of(bundle);
        await storage.PutSchemaAsync(Current, schema.ToBytes(), CancellationToken.None).ConfigureAwait(false);
        _maps[Current] = new(schema, bundle);
    }
}
