using System.Diagnostics.Metrics;
using System.Globalization;

using Grid.Postgres;

namespace Grid.Orleans;

/// <summary>Entities in the event log on PostgreSQL: a row per turn, by group commit of the whole silo.</summary>
internal sealed class LogStorage(GridClusterOptions options, TimeProvider time, IMeterFactory? meters) : IGridStorage
{
    /// <summary>The kind under which schemas are kept: one entity each, whose only row it is.</summary>
    private const string SchemaKind = "~schema";

    private EventLog? _log;

    public bool HasRoom => Log.HasRoom;

    public EventLog Log => _log ?? throw new LogUnavailableException("The silo is starting, or has stopped: its log is not open.", outcomeUnknown: false);

    public IFileShelf Files => field ??= new LogShelf(this);

    public async Task StartAsync(CancellationToken cancellation)
    {
        await EventLog.CreateAsync(options.ConnectionString, cancellation).ConfigureAwait(false);
        _log = await EventLog.OpenAsync(new() { ConnectionString = options.ConnectionString, Lanes = options.LogLanes }, time, meters, cancellation).ConfigureAwait(false);
    }

    public async Task StopAsync()
    {
        if (_log is { } log)
        {
            await log.DisposeAsync().ConfigureAwait(false);
        }
    }

    public IEntityRows RowsOf(IGrainContext activation, EntityId entity) => new LogRows(this, entity);

    public ValueTask<bool> RegisterAsync(EventKey key, EntityId owner, Appended said) => new(said.LabelsWait);

    public async Task<IReadOnlyList<EntityId>> OwnersOfAsync(EventKey key, CancellationToken cancellation)
    {
        var rows = await Log.FindAsync(key.Type, key.IdHash, cancellation).ConfigureAwait(false);
        return [.. rows.Select(row => row.Entity).Distinct()];
    }

    public Task<bool> AddWaitingAsync(EventKey key, ReadOnlyMemory<byte> label, CancellationToken cancellation) =>
        Log.AddWaitingAsync(new(key.Type, key.IdHash, label), cancellation);

    public async Task<IReadOnlyList<ReadOnlyMemory<byte>>> ReadWaitingAsync(EventKey key, CancellationToken cancellation)
    {
        var labels = await Log.ReadWaitingAsync(key.Type, key.IdHash, cancellation).ConfigureAwait(false);
        return [.. labels.Select(label => label.Body)];
    }

    public Task RemoveWaitingAsync(EventKey key, ReadOnlyMemory<byte> label, CancellationToken cancellation) =>
        Log.RemoveWaitingAsync(new(key.Type, key.IdHash, label), cancellation);

    public async Task PutSchemaAsync(ulong fingerprint, byte[] schema, CancellationToken cancellation)
    {
        if (await GetSchemaAsync(fingerprint, cancellation).ConfigureAwait(false) is not null)
        {
            return;
        }

        try
        {
            await Log.WriterOf(SchemaOf(fingerprint), 0).AppendAsync(new()
            {
                Version = 1,
                EventType = SchemaKind,
                IdHash = fingerprint,
                At = EventTime.From(time.GetUtcNow()),
                Body = schema,
            }).ConfigureAwait(false);
        }
        catch (LogFencedException)
        {
            // Another silo of the same bundle was quicker.
        }
    }

    public async Task<byte[]?> GetSchemaAsync(ulong fingerprint, CancellationToken cancellation) =>
        (await Log.ReadRowAsync(SchemaOf(fingerprint), 1, cancellation).ConfigureAwait(false))?.Body.ToArray();

    private static EntityId SchemaOf(ulong fingerprint) => new(SchemaKind, fingerprint.ToString("x16", CultureInfo.InvariantCulture));

    private sealed class LogRows(LogStorage storage, EntityId entity) : IEntityRows
    {
        private EntityWriter? _writer;

        public bool TakesSnapshots => true;

        public bool HasInbox => true;

        public IReadOnlyList<LogEntry> Untold => [];

        public async Task<EntityHistory> LoadAsync(bool whole, CancellationToken cancellation)
        {
            var log = storage.Log;
            var history = whole
                ? await log.ReadWholeAsync(entity, cancellation).ConfigureAwait(false)
                : await log.ReadAsync(entity, cancellation).ConfigureAwait(false);
            _writer = log.WriterOf(entity, history.Version);
            return history;
        }

        public ValueTask<Appended> AppendAsync(in LogRow row) => _writer!.AppendAsync(row);

        public void Settle(long version)
        {
            // Whoever has heard takes the row out of its inbox itself.
        }

        public void SaveSnapshot(long version, ReadOnlySpan<byte> state) => Forget(_writer!.SaveSnapshotAsync(version, state));

        public async Task<IReadOnlyList<LogEntry>> FindAsync(string eventType, ulong idHash, CancellationToken cancellation)
        {
            var rows = await storage.Log.FindAsync(eventType, idHash, cancellation).ConfigureAwait(false);
            return [.. rows.Where(row => row.Entity == entity)];
        }

        public Task<IReadOnlyList<LogEntry>> FindAnywhereAsync(string eventType, ulong idHash, CancellationToken cancellation) =>
            storage.Log.FindAsync(eventType, idHash, cancellation);

        public Task<IReadOnlyList<LogEntry>> ReadInboxAsync(CancellationToken cancellation) => storage.Log.ReadInboxAsync(entity, cancellation);

        public Task<bool> IsInInboxAsync(RowId row, CancellationToken cancellation) => storage.Log.IsInInboxAsync(entity, row, cancellation);

        public Task<LogEntry?> ReadRowAsync(long version, CancellationToken cancellation) => storage.Log.ReadRowAsync(entity, version, cancellation);

        // Nobody awaits it, and whoever fails with it is told by a row.
        private static void Forget(Task task) => task.ContinueWith(
            static done => _ = done.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }
}
