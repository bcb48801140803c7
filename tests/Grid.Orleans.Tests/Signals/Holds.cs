using System.Collections.Concurrent;

using Grid.Postgres;
using Grid.Testing;

using Microsoft.Extensions.DependencyInjection;

namespace Grid.Orleans.Tests;

/// <summary>
/// Freezes entities that are not in memory, and the registration of events: the call of the real storage begins when the test says so.
/// </summary>
internal sealed class Holds
{
    private readonly ConcurrentDictionary<EntityId, Hold> _holds = new();
    private readonly ConcurrentDictionary<string, Hold> _registrations = new();

    /// <summary>Holds up reading an entity from the storage.</summary>
    public Hold Freeze(EntityId entity) => _holds.GetOrAdd(entity, _ => new());

    /// <summary>Holds up registering the owner of an event, given by its id.</summary>
    public Hold FreezeRegistration(string eventId) => _registrations.GetOrAdd(eventId, _ => new());

    /// <summary>Puts it in front of the storage that was registered.</summary>
    public void Decorate(IServiceCollection services)
    {
        var registered = services.Last(service => service.ServiceType == typeof(IGridStorage));
        services.Remove(registered);
        services.AddSingleton<IGridStorage>(provider => new HeldStorage((IGridStorage)registered.ImplementationFactory!(provider), this));
    }

    private Task PassAsync(EntityId entity) => _holds.TryGetValue(entity, out var hold) ? hold.PassAsync() : Task.CompletedTask;

    private sealed class HeldStorage(IGridStorage storage, Holds holds) : IGridStorage
    {
        public bool HasRoom => storage.HasRoom;

        public IFileShelf Files => storage.Files;

        public Task StartAsync(CancellationToken cancellation) => storage.StartAsync(cancellation);

        public Task StopAsync() => storage.StopAsync();

        public IEntityRows RowsOf(IGrainContext activation, EntityId entity) =>
            new HeldRows(storage.RowsOf(activation, entity), entity, holds);

        public async ValueTask<bool> RegisterAsync(EventKey key, EntityId owner, Appended said)
        {
            await (holds._registrations.TryGetValue(key.Id, out var hold) ? hold.PassAsync() : Task.CompletedTask);
            return await storage.RegisterAsync(key, owner, said);
        }

        public Task<IReadOnlyList<EntityId>> OwnersOfAsync(EventKey key, CancellationToken cancellation) =>
            storage.OwnersOfAsync(key, cancellation);

        public Task<bool> AddWaitingAsync(EventKey key, ReadOnlyMemory<byte> label, CancellationToken cancellation) =>
            storage.AddWaitingAsync(key, label, cancellation);

        public Task<IReadOnlyList<ReadOnlyMemory<byte>>> ReadWaitingAsync(EventKey key, CancellationToken cancellation) =>
            storage.ReadWaitingAsync(key, cancellation);

        public Task RemoveWaitingAsync(EventKey key, ReadOnlyMemory<byte> label, CancellationToken cancellation) =>
            storage.RemoveWaitingAsync(key, label, cancellation);

        public Task PutSchemaAsync(ulong fingerprint, byte[] schema, CancellationToken cancellation) =>
            storage.PutSchemaAsync(fingerprint, schema, cancellation);

        public Task<byte[]?> GetSchemaAsync(ulong fingerprint, CancellationToken cancellation) =>
            storage.GetSchemaAsync(fingerprint, cancellation);
    }

    private sealed class HeldRows(IEntityRows rows, EntityId entity, Holds holds) : IEntityRows
    {
        public bool TakesSnapshots => rows.TakesSnapshots;

        public bool HasInbox => rows.HasInbox;

        public IReadOnlyList<LogEntry> Untold => rows.Untold;

        public async Task<EntityHistory> LoadAsync(bool whole, CancellationToken cancellation)
        {
            await holds.PassAsync(entity);
            return await rows.LoadAsync(whole, cancellation);
        }

        public ValueTask<Appended> AppendAsync(in LogRow row) => rows.AppendAsync(row);

        public void Settle(long version) => rows.Settle(version);

        public void SaveSnapshot(long version, ReadOnlySpan<byte> state) => rows.SaveSnapshot(version, state);

        public Task<IReadOnlyList<LogEntry>> FindAsync(string eventType, ulong idHash, CancellationToken cancellation) =>
            rows.FindAsync(eventType, idHash, cancellation);

        public Task<IReadOnlyList<LogEntry>> FindAnywhereAsync(string eventType, ulong idHash, CancellationToken cancellation) =>
            rows.FindAnywhereAsync(eventType, idHash, cancellation);

        public Task<LogEntry?> ReadRowAsync(long version, CancellationToken cancellation) => rows.ReadRowAsync(version, cancellation);

        public Task<IReadOnlyList<LogEntry>> ReadInboxAsync(CancellationToken cancellation) => rows.ReadInboxAsync(cancellation);

        public Task<bool> IsInInboxAsync(RowId row, CancellationToken cancellation) => rows.IsInInboxAsync(row, cancellation);
    }
}

/// <summary>One frozen entity, or one frozen registration.</summary>
internal sealed class Hold
{
    private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Ends when a call is held up.</summary>
    public Task Reached => _reached.Task.InTime();

    public bool IsReached => _reached.Task.IsCompleted;

    public void Release() => _released.TrySetResult();

    /// <summary>Has the reading fail, as if the storage could not be reached.</summary>
    public void Fail() => _released.TrySetException(new LogUnavailableException("The server is gone.", outcomeUnknown: false));

    internal Task PassAsync()
    {
        _reached.TrySetResult();
        return _released.Task;
    }
}
