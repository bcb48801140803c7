using System.Buffers;
using Grid.Decisions.Hosting;
using Grid.Features.Plans;
using Grid.Features.State;
using Grid.Postgres;

namespace Grid.Orleans;

/// <summary>
/// One live entity: its turns. The pure part of a turn runs under the stripe's lock and is never interrupted; what waits (reading other entities,
/// the storage) is done outside it, so turns of one entity may wait side by side, and their rows become durable in the order of their
/// versions. A row that does not become durable takes the entity's state in memory with it: the next call reads it again.
/// </summary>
internal sealed partial class EntityTurns
{
    private const int SnapshotAtEndAfter = 8;

    /// <summary>A long history's snapshot is written after more rows than a short one's: no more bytes of snapshots than about so many a row.</summary>
    private const int SnapshotBytesPerRow = 256;

    private readonly SiloCore _core;
    private readonly Stripe _stripe;
    private readonly IEntityRows _rows;
    private readonly Action<string> _deactivate;
    private readonly List<Pending> _pending = [];
    private readonly RowSearch _search;
    private readonly Telling _telling;
    private readonly Inbox _inbox = new();
    private readonly SemaphoreSlim? _gate;
    private EntityHandle _entity;
    private Task? _loading;
    private Task _lastOwn = Task.CompletedTask;
    private long _version;
    private long _snapshotAt;
    private int _snapshotBytes;
    private int _epoch;
    private bool _live;
    private bool _ended;

    /// <param name="core">The silo.</param>
    /// <param name="id">The entity.</param>
    /// <param name="kind">The kind's place in this silo's bundle; -1 of an event that concerns no entity.</param>
    /// <param name="rows">Where it is kept.</param>
    /// <param name="deactivate">Ends the activation: another one has taken over.</param>
    public EntityTurns(SiloCore core, EntityId id, int kind, IEntityRows rows, Action<string> deactivate)
    {
        (_core, Id, Kind, _rows, _deactivate) = (core, id, kind, rows, deactivate);
        (_search, _telling) = (new(core, id, rows), new(core, id, rows));
        _stripe = core.StripeOf(id.Key);
        _gate = core.RemoteModels.Count == 0 ? null : new(1);
    }

    public EntityId Id { get; }

    public int Kind { get; }

    /// <summary>Makes sure that the entity's state is in memory.</summary>
    /// <exception cref="GridException">It cannot be read now.</exception>
    public Task LoadedAsync()
    {
        lock (_stripe.Lock)
        {
            if (_ended)
            {
                throw GridException.Unavailable($"{Id} is moving to another silo; asking again may do.");
            }

            return _live ? Task.CompletedTask : _loading ??= LoadAsync();
        }
    }

    /// <summary>Reads all features at a moment, once everything that they are made of is durable.</summary>
    public async Task<EntityFeatures> ReadAllAsync(EventTime? at)
    {
        var latest = _core.Latest(out var now);
        if (EntityCheck.FaultOf(at, latest) is { } fault)
        {
            _core.Metrics.Rejected();
            throw GridException.Invalid(fault);
        }

        await LoadedAsync().ConfigureAwait(false);
        var moment = at ?? now;
        await _core.Files.KnowAsync(moment, Kind).ConfigureAwait(false);
        var plan = _core.Bundle.Definitions.Kinds[Kind];
        var values = new ReadValue[plan.Features.Count];
        await ReadAsync(Enumerable.Range(0, values.Length).ToArray(), moment, values).ConfigureAwait(false);
        var readings = new FeatureReading[values.Length];
        for (var i = 0; i < readings.Length; i++)
        {
            readings[i] = values[i].ToReading(plan.Features[i].FullName, moment.UnixMilliseconds);
        }

        return new(Id, moment, readings);
    }

    /// <summary>Reads features for another entity's turn.</summary>
    /// <param name="names">Their names, in one text; one that this silo's bundle does not have reads as missing.</param>
    /// <param name="at">The moment.</param>
    public async Task<FeatureValues> ReadForAsync(string names, EventTime at)
    {
        await LoadedAsync().ConfigureAwait(false);
        await _core.Files.KnowAsync(at, Kind).ConfigureAwait(false);
        var places = _core.FeaturesOf(Kind, names);
        var values = new ReadValue[places.Length];
        if (places.AsSpan().Contains(-1))
        {
            for (var i = 0; i < places.Length; i++)
            {
                values[i] = new(Value.Missing, ReadValue.Nothing, false);
                if (places[i] >= 0)
                {
                    await ReadAsync(places.AsMemory(i, 1), at, values.AsMemory(i, 1)).ConfigureAwait(false);
                }
            }
        }
        else
        {
            await ReadAsync(places, at, values).ConfigureAwait(false);
        }

        return new(values);
    }

    /// <summary>Reads features into memory of a turn in this silo, where that needs no waiting.</summary>
    /// <returns>False where the entity is not in memory, or what it took in itself is not durable yet.</returns>
    public bool TryReadNow(ReadOnlySpan<int> places, EventTime at, Span<ReadValue> values)
    {
        lock (_stripe.Lock)
        {
            if (!_live || !_lastOwn.IsCompletedSuccessfully)
            {
                return false;
            }

            ReadOnStripe(places, at, values);
            return true;
        }
    }

    /// <summary>Finds a decision, or a ranking, by the version of its row.</summary>
    public async Task<T?> FindAsync<T>(long version, CancellationToken cancellation)
        where T : class
    {
        Pending? pending;
        lock (_stripe.Lock)
        {
            pending = _pending.Find(row => row.Version == version);
        }

        if (pending is not null)
        {
            await pending.Finished.ConfigureAwait(false);
            return pending.Answer as T;
        }

        return await _search.AnswerAsync(version, cancellation).ConfigureAwait(false) as T;
    }

    /// <summary>Ends the activation: waits for what is under way, has a snapshot written, and takes the state out of memory.</summary>
    public async Task EndAsync()
    {
        Task[] underWay;
        lock (_stripe.Lock)
        {
            _ended = true;
            _core.Local.TryRemove(new(Id, this));
            if (_live && _inbox.Count > 0)
            {
                WriteDownOnStripe();
            }

            underWay = [.. _pending.Select(row => row.Finished), _loading ?? Task.CompletedTask];
        }

        foreach (var task in underWay)
        {
            await task.ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default)
                .ConfigureAwait(false);
        }

        lock (_stripe.Lock)
        {
            if (_live && _version - _snapshotAt >= SnapshotAtEndAfter)
            {
                SaveSnapshotOnStripe();
            }

            ForgetOnStripe();
        }
    }

    private async Task ReadAsync(ReadOnlyMemory<int> places, EventTime at, Memory<ReadValue> values)
    {
        Task own;
        lock (_stripe.Lock)
        {
            EnsureLiveOnStripe();
            ReadOnStripe(places.Span, at, values.Span);
            own = _lastOwn;
        }

        await own.ConfigureAwait(false);
    }

    private void ReadOnStripe(ReadOnlySpan<int> places, EventTime at, Span<ReadValue> values)
    {
        if (_entity.Exists)
        {
            _stripe.Store.Read(_entity, at, places, values);
        }
        else
        {
            _stripe.Store.ReadEmpty(Kind, at, places, values, Id.Key);
        }
    }

    private void MakeOnStripe()
    {
        if (!_entity.Exists && Kind >= 0)
        {
            _entity = _stripe.Store.Create(Kind, Id.Key);
        }
    }

    private void EnsureLiveOnStripe()
    {
        if (!_live || _ended)
        {
            throw GridException.Unavailable($"{Id} is being read again from the storage; asking again may do.");
        }
    }

    private void ForgetOnStripe()
    {
        if (_entity.Exists)
        {
            _stripe.Store.Remove(_entity);
            _entity = EntityHandle.None;
        }

        _live = false;
        _lastOwn = Task.CompletedTask;
        _pending.Clear();
        _inbox.Clear();
        _telling.Forget();
    }

    private bool IsSnapshotDue => _version - _snapshotAt >= Math.Max(_core.Options.SnapshotEvery, _snapshotBytes / SnapshotBytesPerRow);

    private void SaveSnapshotOnStripe()
    {
        if (!_rows.TakesSnapshots || !_entity.Exists)
        {
            return;
        }

        if (_inbox.Count > 0)
        {
            WriteDownOnStripe(); // A snapshot must hold nothing that the inbox would give again.
            if (_inbox.Count > 0 || _snapshotAt == _version)
            {
                return;
            }
        }

        var bytes = new ArrayBufferWriter<byte>(1024);
        _stripe.Store.WriteSnapshot(_entity, bytes);
        _rows.SaveSnapshot(_version, bytes.WrittenSpan);
        (_snapshotAt, _snapshotBytes) = (_version, bytes.WrittenCount);
    }

    /// <summary>A row was not taken: what is in memory holds more than the storage does.</summary>
    private GridException Dropped(Exception cause, int epoch)
    {
        lock (_stripe.Lock)
        {
            if (_epoch == epoch && _live)
            {
                ForgetOnStripe();
                _core.Local.TryRemove(new(Id, this));
                _core.Metrics.Dropped();
                ClusterLog.Dropped(_core.Log, Id, cause.Message);
                if (cause is LogFencedException)
                {
                    _ended = true;
                    _deactivate("Another activation of the entity has written to its rows.");
                }
            }
        }

        return GridException.Unavailable($"What was asked of {Id} could not be stored: {cause.Message} Asking again with the same event id is safe.", cause);
    }
}
