using System.Diagnostics.Metrics;
using Grid.Decisions.Hosting;
using Grid.Decisions.Plans;
using Grid.Decisions.Records;
using Grid.Features.Rows;
using Grid.Models;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Grid.Engine;

/// <summary>
/// The grid in one process: shards own the entities, SQLite keeps the journal and the snapshots. A call that finds its shards free runs
/// on the caller's own thread; at durability <c>received</c> it has then completed when it returns, so one thread that awaits each call gets
/// exactly the order it sends in.
/// </summary>
public sealed class EmbeddedGrid : IGrid, IAsyncDisposable
{
    private const string Stopped = "The grid has been stopped.";

    private readonly EngineCore _core;
    private readonly EngineLife _life;
    private readonly ModelCatalog? _ownModels;

    private EmbeddedGrid(EngineCore core, EngineLife life, ModelCatalog? ownModels) => (_core, _life, _ownModels) = (core, life, ownModels);

    public GridSchema Schema => _core.Bundle.Schema;

    /// <summary>Whether calls are taken now.</summary>
    public bool IsReady => _core.Unavailable is null;

    /// <summary>Why calls are refused now, in a sentence; null where they are taken.</summary>
    public string? WhyNotReady => _core.Unavailable;

    /// <summary>How many entities are in memory.</summary>
    public int ResidentEntities => _core.Residents();

    /// <summary>Bytes that the entities in memory take; texts are not counted.</summary>
    public long ResidentBytes => _core.ResidentBytes();

    /// <summary>Opens a grid on its data folder, which is made where it does not exist.</summary>
    /// <param name="bundle">What it serves.</param>
    /// <param name="options">Settings.</param>
    /// <param name="time">The clock.</param>
    /// <param name="meters">Where measurements go; null keeps them to listeners in the process.</param>
    /// <param name="log">Where log lines go; null is nowhere.</param>
    /// <exception cref="JournalException">The data folder is in use, corrupt, of a newer format, or cannot be written.</exception>
    /// <exception cref="ModelShapeException">A model and its decision do not fit.</exception>
    /// <exception cref="ModelUnusableException">A model's file is missing or does not score.</exception>
    public static EmbeddedGrid Open(
        Bundle bundle,
        EngineOptions options,
        TimeProvider time,
        IMeterFactory? meters = null,
        ILogger<EmbeddedGrid>? log = null) => Open(bundle, options, time, null, meters, log);

    /// <summary>Opens a grid whose models are, or will be, published in <paramref name="models"/>; null makes a catalog of its own.</summary>
    internal static EmbeddedGrid Open(
        Bundle bundle,
        EngineOptions options,
        TimeProvider time,
        ModelCatalog? models,
        IMeterFactory? meters = null,
        ILogger<EmbeddedGrid>? log = null)
    {
        ArgumentNullException.ThrowIfNull(bundle);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(time);
        var own = models is null ? new ModelCatalog(time) : null;
        var metrics = new EngineMetrics(meters);
        try
        {
            var slots = BundleModels.Publish(bundle, models ?? own!);
            var late = BundleModels.PublishFallbacks(bundle, models ?? own!);
            var core = new EngineCore(bundle, options, time, new(slots, late), metrics, log ?? NullLogger<EmbeddedGrid>.Instance);
            foreach (var ranks in bundle.Decisions.Where(decision => decision.Candidates is not null && !slots[decision.Ordinal].Current.BatchesExactly))
            {
                EngineLog.ScoresOneByOne(core.Log, ranks.Model.Name, ranks.Name);
            }

            foreach (var warning in BundleModels.Warnings([.. slots, .. late]))
            {
                EngineLog.ModelWarning(core.Log, warning);
            }

            return new(core, EngineLife.Open(core), own);
        }
        catch
        {
            metrics.Dispose();
            own?.Dispose();
            throw;
        }
    }

    public ValueTask<Decision> DecideAsync(string decision, Event request, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (!_core.DecisionsByName.TryGetValue(decision, out var facts))
        {
            return ValueTask.FromException<Decision>(GridException.Unknown("decision", decision, _core.DecisionsByName.Keys.Order()));
        }

        if (facts.Plan.Candidates is not null)
        {
            return ValueTask.FromException<Decision>(GridException.NeedsCandidates(decision));
        }

        if (WhyRefused() is { } refusal)
        {
            return ValueTask.FromException<Decision>(refusal);
        }

        var call = _core.Requests.Take();
        if (TryRead(request, facts.On, call) is { } fault)
        {
            return ValueTask.FromException<Decision>(GridException.Invalid(fault));
        }

        var version = call.Completion.Version;
        call.Decide(facts);
        return WaitFor<Decision>(new(call.Completion, version), cancellation);
    }

    public ValueTask<Ranking> RankAsync(string decision, Event request, IReadOnlyList<Event> candidates, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(candidates);
        if (!_core.DecisionsByName.TryGetValue(decision, out var facts))
        {
            return ValueTask.FromException<Ranking>(GridException.Unknown("decision", decision, _core.DecisionsByName.Keys.Order()));
        }

        if (facts.Plan.Candidates is null)
        {
            return ValueTask.FromException<Ranking>(GridException.TakesNoCandidates(decision));
        }

        if (WhyRefused() is { } refusal)
        {
            return ValueTask.FromException<Ranking>(refusal);
        }

        var call = _core.Requests.Take();
        if (TryRead(request, facts.On, call) is { } fault)
        {
            return ValueTask.FromException<Ranking>(GridException.Invalid(fault));
        }

        var frame = _core.RankFrames.Take();
        if (frame.TryBegin(facts.Plan, call.Frame.Row, candidates) is { } wrong)
        {
            _core.Metrics.Rejected();
            _core.RankFrames.Give(frame);
            _core.Requests.Give(call);
            return ValueTask.FromException<Ranking>(GridException.Invalid(wrong));
        }

        var version = call.Completion.Version;
        call.Rank(facts, frame);
        return WaitFor<Ranking>(new(call.Completion, version), cancellation);
    }

    public ValueTask<EventReceipt> IngestAsync(Event happened, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(happened);
        if (!_core.EventsByName.TryGetValue(happened.Type, out var facts))
        {
            _core.Metrics.Rejected();
            var known = string.Join(", ", _core.EventsByName.Keys.Order());
            return new(EventReceipt.Rejected(new("type", $"the event type '{happened.Type}', which the bundle does not have", $"one of {known}")));
        }

        if (WhyRefused() is { } refusal)
        {
            return ValueTask.FromException<EventReceipt>(refusal);
        }

        var call = _core.Requests.Take();
        if (TryRead(happened, facts, call) is { } fault)
        {
            return new(EventReceipt.Rejected(fault));
        }

        var version = call.Completion.Version;
        call.Ingest(facts);
        return WaitFor<EventReceipt>(new(call.Completion, version), cancellation);
    }

    public ValueTask<EntityFeatures> ReadFeaturesAsync(EntityId entity, EventTime? at, CancellationToken cancellation)
    {
        if (entity.Kind is null || !_core.KindsByName.TryGetValue(entity.Kind, out var kind))
        {
            return ValueTask.FromException<EntityFeatures>(GridException.Unknown("kind", entity.Kind ?? "", _core.KindsByName.Keys.Order()));
        }

        var latest = Latest(out var now);
        if (EntityCheck.FaultOf(entity.Key) is { } fault || (fault = EntityCheck.FaultOf(at, latest)) is not null)
        {
            _core.Metrics.Rejected();
            return ValueTask.FromException<EntityFeatures>(GridException.Invalid(fault));
        }

        if (WhyRefused() is { } refusal)
        {
            return ValueTask.FromException<EntityFeatures>(refusal);
        }

        var call = _core.Requests.Take();
        var version = call.Completion.Version;
        call.Read(kind.Ordinal, entity.Key, at ?? now);
        return WaitFor<EntityFeatures>(new(call.Completion, version), cancellation);
    }

    public ValueTask<Decision?> FindDecisionAsync(string decisionId, CancellationToken cancellation)
    {
        if (!DecisionId.TryParse(decisionId, out var position))
        {
            return new((Decision?)null);
        }

        try
        {
            var record = new JournalRecord();
            return new(_core.TryReadRecord(position, record) && record.IsDecision ? record.ToDecision(DecisionId.Of(position), duplicate: false) : null);
        }
        catch (Exception e) when (e is JournalException or InvalidDataException or ObjectDisposedException or Microsoft.Data.Sqlite.SqliteException)
        {
            return ValueTask.FromException<Decision?>(GridException.Unavailable(e.Message, e));
        }
    }

    public ValueTask<Ranking?> FindRankingAsync(string rankingId, CancellationToken cancellation)
    {
        if (!DecisionId.TryParse(rankingId, out var position))
        {
            return new((Ranking?)null);
        }

        try
        {
            var record = new JournalRecord();
            return new(_core.TryReadRecord(position, record) && record.IsRanking ? record.ToRanking(rankingId, duplicate: false) : null);
        }
        catch (Exception e) when (e is JournalException or InvalidDataException or ObjectDisposedException or Microsoft.Data.Sqlite.SqliteException)
        {
            return ValueTask.FromException<Ranking?>(GridException.Unavailable(e.Message, e));
        }
    }

    /// <summary>Loads values of batch features from a file: see <see cref="IGrid.LoadBatchAsync"/>. A file that was loaded is there after a restart.</summary>
    /// <exception cref="GridException">The kind or a feature is unknown, a row is at fault, or the grid is unavailable; nothing was loaded.</exception>
    public ValueTask<BatchReceipt> LoadBatchAsync(BatchFile file, CancellationToken cancellation) => LoadBatchAsync(file, null, cancellation);

    /// <summary>Loads values of batch features as a file that was loaded at a moment: a replay then reads at every moment what was read live.</summary>
    /// <param name="file">All values of these features, computed by then.</param>
    /// <param name="seenFrom">From when on it is seen, after the file before; null is just ahead of the clock.</param>
    /// <param name="cancellation">Stops the waiting, not the loading.</param>
    /// <exception cref="GridException">The kind, a feature or the moment is at fault, or a row is, or the grid is unavailable; nothing was loaded.</exception>
    public ValueTask<BatchReceipt> LoadBatchAsync(BatchFile file, EventTime? seenFrom, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(file);
        return WhyRefused() is { } refusal
            ? ValueTask.FromException<BatchReceipt>(refusal)
            : new(_core.Files.LoadAsync(file, seenFrom).WaitAsync(cancellation));
    }

    public ValueTask<IReadOnlyList<FeatureEntry>> ListFeaturesAsync(CancellationToken cancellation) => WhyRefused() is { } refusal
        ? ValueTask.FromException<IReadOnlyList<FeatureEntry>>(refusal)
        : new(Catalogue.ListAsync(_core).WaitAsync(cancellation));

    public TEntity Entity<TEntity>(string key)
        where TEntity : class, IEntity => EntityCheck.FaultOf(key) is { } fault ? throw GridException.Invalid(fault) : EntityView.Of<TEntity>(this, key);

    /// <summary>Writes every changed entity as a snapshot and puts idle ones away, as happens by itself every <see cref="EngineOptions.CheckpointEvery"/>.</summary>
    /// <exception cref="GridException">The disk does not take it.</exception>
    public Task CheckpointAsync(CancellationToken cancellation) => _life.CheckpointAsync().WaitAsync(cancellation);

    /// <summary>Stops taking calls, answers those under way, writes what has changed, and lets go of the data folder.</summary>
    public async ValueTask DisposeAsync()
    {
        _core.SetAvailable(Stopped);
        await _life.DisposeAsync().ConfigureAwait(false);
        _core.Deadlines.Dispose();
        _core.Metrics.Dispose();
        _ownModels?.Dispose();
    }

    /// <summary>For tests: stops as a killed process would. What was not committed is lost.</summary>
    internal void Abandon()
    {
        _core.SetAvailable(Stopped);
        _life.Abandon();
        _core.Deadlines.Dispose();
        _core.Metrics.Dispose();
        _ownModels?.Dispose();
    }

    /// <summary>For tests.</summary>
    internal EngineCore Core => _core;

    /// <summary>For tests: what may be written to the database from the journal's own thread.</summary>
    internal Task WriteAsync(Action<JournalDatabase> write) => _core.Journal.WriteAsync(write);

    /// <summary>For tests: changes a setting of the database's own connection, whatever state it is in.</summary>
    internal void Run(string text) => _life.Run(text);

    private static ValueTask<T> WaitFor<T>(ValueTask<T> call, CancellationToken cancellation) =>
        !cancellation.CanBeCanceled || call.IsCompleted ? call : new(call.AsTask().WaitAsync(cancellation));

    private GridException? WhyRefused()
    {
        var reason = _core.Unavailable
            ?? (_core.Calls >= _core.Options.MaxWaiting ? $"{_core.Options.MaxWaiting} calls are under way; asking again later may do." : null);
        if (reason is null)
        {
            return null;
        }

        _core.Metrics.Refused();
        return GridException.Unavailable(reason);
    }

    private ValidationError? TryRead(Event given, EventFacts facts, Request call)
    {
        ValidationError? fault;
        if (given.Type != facts.Plan.Name)
        {
            fault = new("type", $"an event '{given.Type}'", $"an event '{facts.Plan.Name}'");
        }
        else
        {
            var latest = Latest(out var now);
            if (RowReader.TryRead(given, facts.Plan, now, latest, call.Frame.Row, out fault))
            {
                return null;
            }
        }

        _core.Metrics.Rejected();
        _core.Requests.Give(call);
        return fault;
    }

    private EventTime Latest(out EventTime now)
    {
        now = EventTime.From(_core.Time.GetUtcNow());
        return EventTime.FromTrusted(Math.Min(now.UnixMilliseconds + (long)_core.Options.MaxFuture.TotalMilliseconds, EventTime.MaxUnixMilliseconds));
    }
}
