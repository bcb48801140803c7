using System.Globalization;
using Grid.Decisions.Plans;
using Grid.Postgres;

namespace Grid.Orleans;

/// <summary>Entities as grain state of whatever provider is configured; labels that wait, and schemas, in grains of their own.</summary>
internal sealed class StateStorage(GridClusterOptions options, Bundle bundle, IPersistentStateFactory states, IGrainFactory grains, TimeProvider time) : IGridStorage
{
    private readonly long _retention = Math.Max(
        (long)options.Retention.TotalMilliseconds,
        bundle.Definitions.Kinds.SelectMany(kind => kind.Timelines).Select(line => line.RetentionMilliseconds).DefaultIfEmpty(0).Max());

    public bool HasRoom => true;

    public IFileShelf Files { get; } = new StateShelf(grains, time);

    public Task StartAsync(CancellationToken cancellation) => Task.CompletedTask;

    public Task StopAsync() => Task.CompletedTask;

    public IEntityRows RowsOf(IGrainContext activation, EntityId entity) =>
        new StateRows(entity, activation, states.Create<StoredBytes>(activation, new StatePlace("rows")), _retention);

    public ValueTask<bool> RegisterAsync(EventKey key, EntityId owner, Appended said) => new(BookOf(key).RegisterAsync(owner));

    public async Task<IReadOnlyList<EntityId>> OwnersOfAsync(EventKey key, CancellationToken cancellation) => await BookOf(key).OwnersAsync().ConfigureAwait(false);

    public Task<bool> AddWaitingAsync(EventKey key, ReadOnlyMemory<byte> label, CancellationToken cancellation) => BookOf(key).AddWaitingAsync(label.ToArray());

    public async Task<IReadOnlyList<ReadOnlyMemory<byte>>> ReadWaitingAsync(EventKey key, CancellationToken cancellation) =>
        [.. (await BookOf(key).WaitingAsync().ConfigureAwait(false)).Select(label => (ReadOnlyMemory<byte>)label)];

    public Task RemoveWaitingAsync(EventKey key, ReadOnlyMemory<byte> label, CancellationToken cancellation) => BookOf(key).RemoveWaitingAsync(label.ToArray());

    public Task PutSchemaAsync(ulong fingerprint, byte[] schema, CancellationToken cancellation) => SchemaOf(fingerprint).PutAsync(schema);

    public Task<byte[]?> GetSchemaAsync(ulong fingerprint, CancellationToken cancellation) => SchemaOf(fingerprint).GetAsync();

    private IEventBookGrain BookOf(EventKey key) => grains.GetGrain<IEventBookGrain>($"{key.Type}/{key.Id}");

    private ISchemaGrain SchemaOf(ulong fingerprint) => grains.GetGrain<ISchemaGrain>(fingerprint.ToString("x16", CultureInfo.InvariantCulture));
}
