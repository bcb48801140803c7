using System.Collections.Concurrent;
using System.Collections.Frozen;
using Grid.Decisions.Hosting;
using Grid.Decisions.Plans;
using Grid.Decisions.Records;
using Grid.Features.Plans;
using Grid.Models;
using Microsoft.Extensions.Logging;

namespace Grid.Orleans;

/// <summary>What all entities of one silo share.</summary>
internal sealed class SiloCore : IDisposable
{
    private readonly Stripe[] _stripes;
    private readonly ConcurrentDictionary<(int Kind, string Names), int[]> _features = new();
    private readonly System.Runtime.CompilerServices.ConditionalWeakTable<LoadedModel, string> _modelNames = [];

    public SiloCore(
        Bundle bundle, GridClusterOptions options, TimeProvider time, ModelCatalog models, IGridStorage storage, IGrainFactory grains, ClusterMetrics metrics, ILogger<SiloCore> log)
    {
        (Bundle, Options, Time, Storage, Grains, Metrics, Log) = (bundle, options, time, storage, grains, metrics, log);
        BundleName = JournalSchema.NameOf(bundle);
        Models = BundleModels.Publish(bundle, models);
        FallbackModels = BundleModels.PublishFallbacks(bundle, models);
        foreach (var warning in BundleModels.Warnings([.. Models, .. FallbackModels]))
        {
            ClusterLog.ModelWarning(log, warning);
        }

        Events = [.. bundle.Definitions.Events.Select(plan => new EventFacts(plan, bundle.Definitions))];
        Decisions = [.. bundle.Decisions.Select(plan => new DecisionFacts(plan, Events[plan.On.Ordinal], bundle.Definitions))];
        EventsByName = Events.ToFrozenDictionary(facts => facts.Plan.Name, StringComparer.Ordinal);
        DecisionsByName = Decisions.ToFrozenDictionary(facts => facts.Plan.Name, StringComparer.Ordinal);
        Kinds = bundle.Definitions.Kinds.ToFrozenDictionary(kind => kind.Name, kind => kind.Ordinal, StringComparer.Ordinal);
        ForeignNames = [.. Decisions.Select(decision => decision.Foreign.Select(NamesOf).ToArray())];
        RemoteModels = options.ModelGrains.ToFrozenSet(StringComparer.Ordinal);
        CheckRemoteModels(bundle);
        Schemas = new(bundle, storage);
        Unwritten = new(time);
        Files = new(bundle, options, time, storage.Files, log);
        Loader = new(bundle, options, time, storage.Files, Files, log);
        Description = Describe();
        _stripes = [.. Enumerable.Range(0, options.Stripes).Select(_ => new Stripe(this))];
        metrics.Observe(() => Local.Count, () => _stripes.Sum(stripe => stripe.Store.AllocatedBytes));
    }

    public Bundle Bundle { get; }

    public string BundleName { get; }

    public GridClusterOptions Options { get; }

    public TimeProvider Time { get; }

    public IGridStorage Storage { get; }

    public IGrainFactory Grains { get; }

    public ClusterMetrics Metrics { get; }

    public ILogger Log { get; }

    /// <summary>By the place of the decision.</summary>
    public ModelSlot[] Models { get; }

    /// <summary>By the place of the decision: its fallback model; null where it has none.</summary>
    public ModelSlot?[] FallbackModels { get; }

    public EventFacts[] Events { get; }

    public DecisionFacts[] Decisions { get; }

    public FrozenDictionary<string, EventFacts> EventsByName { get; }

    public FrozenDictionary<string, DecisionFacts> DecisionsByName { get; }

    /// <summary>By name: the kind's place.</summary>
    public FrozenDictionary<string, int> Kinds { get; }

    /// <summary>Per decision and foreign read: the names of its features, in one text.</summary>
    public string[][] ForeignNames { get; }

    /// <summary>Names of models that a model grain scores.</summary>
    public FrozenSet<string> RemoteModels { get; }

    public SchemaBook Schemas { get; }

    public CallPool Calls { get; } = new();

    public RankFrames RankFrames { get; } = new();

    public Unwritten Unwritten { get; }

    /// <summary>What this silo knows of the cluster's files of batch features.</summary>
    public ClusterFiles Files { get; }

    /// <summary>Takes in more of them.</summary>
    public FileLoader Loader { get; }

    public GridDescription Description { get; }

    /// <summary>The entities that are live in this silo.</summary>
    public ConcurrentDictionary<EntityId, EntityTurns> Local { get; } = new();

    public Stripe StripeOf(string key) => _stripes[(int)(((Features.Plans.StableHash.Of(key) >> 32) * (ulong)_stripes.Length) >> 32)];

    /// <summary>Whether entities of a kind keep events of a type.</summary>
    public bool Holds(int kind, EventFacts type) => kind >= 0 && EventFacts.Holds(kind, Bundle.Definitions, type.Plan.Ordinal);

    public string KindName(int kind) => Bundle.Definitions.Kinds[kind].Name;

    /// <summary>The last moment that an event's time may name, and now.</summary>
    public EventTime Latest(out EventTime now)
    {
        now = EventTime.From(Time.GetUtcNow());
        return EventTime.FromTrusted(Math.Min(now.UnixMilliseconds + (long)Options.MaxFuture.TotalMilliseconds, EventTime.MaxUnixMilliseconds));
    }

    /// <summary>Places of features by their names in one text; -1 of a feature that this silo's bundle does not have.</summary>
    public int[] FeaturesOf(int kind, string names) => _features.GetOrAdd((kind, names), static (key, bundle) =>
    {
        var features = bundle.Definitions.Kinds[key.Kind].Features;
        return [.. key.Names.Split(',').Select(name => features.FirstOrDefault(feature => feature.Name == name)?.Ordinal ?? -1)];
    }, Bundle);

    public IPeerGrain PeerOf(EntityId entity) => GrainIds.PeerOf(Grains, entity);

    /// <summary>Reads features of an entity into memory of a turn, where it lives in this silo and that needs no waiting.</summary>
    public bool TryRead(EntityId entity, ReadOnlySpan<int> places, EventTime at, Span<ReadValue> values) =>
        Local.TryGetValue(entity, out var local) && local.TryReadNow(places, at, values);

    /// <summary>Reads features of an entity that nothing was ever told of.</summary>
    public void ReadEmpty(FeatureRead read, EventTime at, Span<ReadValue> values)
    {
        var stripe = _stripes[0];
        lock (stripe.Lock)
        {
            stripe.Store.ReadEmpty(read.Kind.Ordinal, at, read.Features.AsSpan(), values);
        }
    }

    /// <summary>Tells an entity, in this silo directly, elsewhere through its grain.</summary>
    public Task TellAsync(EntityId entity, Heard heard) =>
        Local.TryGetValue(entity, out var local) ? local.HearAsync(heard) : PeerOf(entity).HearAsync(heard, CancellationToken.None);

    /// <summary>Has a model grain score; where none can be reached there is no score.</summary>
    public async Task<ModelScore> ScoreAsync(DecisionFacts decision, float[] vector)
    {
        try
        {
            return await Grains.GetGrain<IModelGrain>(decision.Plan.Model.Name).ScoreAsync(vector, CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            ClusterLog.ModelFailed(Log, decision.Plan.Model.Name, e.Message);
            return new([], NameOf(Models[decision.Plan.Ordinal].Current));
        }
    }

    /// <summary>A model and its version, as answers name it; made once per version.</summary>
    public string NameOf(LoadedModel model) => _modelNames.GetValue(model, static one => $"{one.Name}@{one.Version}");

    /// <summary>The entities that a row concerns, its owner first.</summary>
    public void ConcernedBy(JournalRecord record, List<Told> told)
    {
        told.Clear();
        if (record.Kind is RecordKind.Label)
        {
            told.AddRange(record.Told);
        }
        else if (record.HasRow && record.Kind is RecordKind.Event or RecordKind.Decision or RecordKind.Ranking)
        {
            foreach (var tell in Events[record.Row.Plan.Ordinal].Keys)
            {
                if (record.Row[tell.KeySlot].Text is { Length: > 0 } key)
                {
                    told.Add(new(tell.Kind, key));
                }
            }
        }
    }

    public void Dispose()
    {
        foreach (var stripe in _stripes)
        {
            stripe.Dispose();
        }

        Files.Dispose();
        Metrics.Dispose();
    }

    /// <summary>A model grain scores one row at a time, and knows no fallback model.</summary>
    private void CheckRemoteModels(Bundle bundle)
    {
        foreach (var decision in bundle.Decisions)
        {
            if (RemoteModels.Contains(decision.Model.Name) && (decision.Candidates ?? (object?)decision.FallbackModel) is not null)
            {
                throw new InvalidOperationException(
                    $"ModelGrains names '{decision.Model.Name}', the model of decision '{decision.Name}', which ranks or has a fallback model: such a decision's models live in every silo. Take it out.");
            }
        }
    }

    private static string NamesOf(FeatureRead read) => string.Join(',', read.Features.Select(place => read.Kind.Features[place].Name));

    private GridDescription Describe() => new(
        Bundle.Schema,
        Decisions.ToDictionary(decision => decision.Plan.Name, decision => decision.On.Plan.Fields[decision.Plan.OwnerKeySlot].Name, StringComparer.Ordinal),
        Events.ToDictionary(
            type => type.Plan.Name,
            IReadOnlyList<(string, string)> (type) => [.. type.Keys.Select(tell => (KindName(tell.Kind), type.Plan.Fields[tell.KeySlot].Name))],
            StringComparer.Ordinal));
}
