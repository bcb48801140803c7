using System.Collections.Frozen;
using Grid.Decisions.Hosting;
using Grid.Decisions.Plans;
using Grid.Decisions.Records;
using Grid.Features.Plans;
using Grid.Features.State.Loaded;
using Microsoft.Extensions.Logging;

namespace Grid.Engine;

/// <summary>What all parts of one embedded grid share.</summary>
internal sealed class EngineCore
{
    private readonly Dictionary<long, SchemaMap> _maps = [];
    private Shard[] _shards = [];
    private volatile string? _unavailable;
    private int _generation;
    private int _coarseTime;
    private int _calls;

    public EngineCore(Bundle bundle, EngineOptions options, TimeProvider time, EngineModels models, EngineMetrics metrics, ILogger log)
    {
        (Bundle, Options, Time, Models, Metrics, Log) = (bundle, options, time, models, metrics, log);
        BundleName = JournalSchema.NameOf(bundle);
        Events = [.. bundle.Definitions.Events.Select(plan => new EventFacts(plan, bundle.Definitions))];
        Decisions = [.. bundle.Decisions.Select(plan => new DecisionFacts(plan, Events[plan.On.Ordinal], bundle.Definitions))];
        EventsByName = Events.ToFrozenDictionary(facts => facts.Plan.Name, StringComparer.Ordinal);
        DecisionsByName = Decisions.ToFrozenDictionary(facts => facts.Plan.Name, StringComparer.Ordinal);
        KindsByName = bundle.Definitions.Kinds.ToFrozenDictionary(kind => kind.Name, StringComparer.Ordinal);
        KindHashes = [.. bundle.Definitions.Kinds.Select(kind => StableHash.Of(kind.Name))];
        AllOf = [.. bundle.Definitions.Kinds.Select(kind => new FeatureRead(kind, -1, [.. Enumerable.Range(0, kind.Features.Count)], 0))];
        Ids = new(StoredIds);
        Requests = new(this);
        Copies = new(options.MaxCopies);
        Files = new(this);
        Deadlines = new(time);
        Schema = JournalSchema.Of(bundle);
    }

    public Bundle Bundle { get; }

    public string BundleName { get; }

    public EngineOptions Options { get; }

    public TimeProvider Time { get; }

    public EngineModels Models { get; }

    public EngineMetrics Metrics { get; }

    public ILogger Log { get; }

    public EventFacts[] Events { get; }

    public DecisionFacts[] Decisions { get; }

    public FrozenDictionary<string, EventFacts> EventsByName { get; }

    public FrozenDictionary<string, DecisionFacts> DecisionsByName { get; }

    public FrozenDictionary<string, KindPlan> KindsByName { get; }

    /// <summary>By the place of the kind: the stable hash of its name.</summary>
    public ulong[] KindHashes { get; }

    /// <summary>By the place of the kind: all its features.</summary>
    public FeatureRead[] AllOf { get; }

    public RequestPool Requests { get; }

    public FeatureReplicas Copies { get; }

    public Deadlines Deadlines { get; }

    public RankFrames RankFrames { get; } = new();

    public Completions Completions { get; } = new();

    /// <summary>How many calls are under way.</summary>
    public int Calls => Volatile.Read(ref _calls);

    /// <summary>The names behind the numbers in records that are written now.</summary>
    public JournalSchema Schema { get; }

    public SchemaMap CurrentMap { get; private set; } = null!;

    public Journal Journal { get; set; } = null!;

    public JournalReaders Readers { get; set; } = null!;

    /// <summary>What was loaded from files.</summary>
    public LoadedBatches Loaded { get; } = new();

    /// <summary>Takes files in.</summary>
    public BatchLoader Files { get; }

    public StoredIds StoredIds { get; } = new();

    public IdIndex Ids { get; }

    public TailIndex Tail { get; } = new();

    /// <summary>For tests: is called with the number of parts that a gather still waits for, when it begins and when one is done.</summary>
    public Action<int>? PartsLeft { get; set; }

    /// <summary>Whether the table of snapshots holds any.</summary>
    public bool HasSnapshots { get; set; }

    /// <summary>Whether an entity that is not in memory may be on disk.</summary>
    public bool HasStored => HasSnapshots || !Tail.IsEmpty;

    /// <summary>Changes when memory is dropped after a failed write: what was under way then is given up.</summary>
    public int Generation => Volatile.Read(ref _generation);

    /// <summary>Why nothing is taken now; null where all is well.</summary>
    public string? Unavailable => _unavailable;

    /// <summary>Seconds since the start, times two: the lowest bit is left to others.</summary>
    public int CoarseTime => Volatile.Read(ref _coarseTime);

    public IReadOnlyList<Shard> Shards => _shards;

    public void SetCoarseTime(TimeSpan sinceStart) => Volatile.Write(ref _coarseTime, (int)Math.Min(sinceStart.TotalSeconds, int.MaxValue / 2) * 2);

    public void SetAvailable(string? whyNot) => _unavailable = whyNot;

    /// <summary>How many entities are in memory; read from outside the shards, so not to the last one.</summary>
    public int Residents() => _shards.Sum(shard => shard.Entities.Store.Count);

    public long ResidentBytes() => _shards.Sum(shard => shard.Entities.Store.AllocatedBytes);

    public void CallBegan() => Interlocked.Increment(ref _calls);

    public void CallEnded() => Interlocked.Decrement(ref _calls);

    /// <summary>Memory may hold something half done: has it dropped and read again from the journal.</summary>
    public void Distrust(Exception cause)
    {
        EngineLog.TurnBroke(Log, cause);
        Journal.Fail(GridException.Unavailable($"A turn broke off: {cause.Message} Memory is being read again from the journal.", cause));
    }

    /// <summary>Sends a label on its way whose event has come after it.</summary>
    /// <param name="position">Where the label waited.</param>
    /// <param name="parent">Who is answered only when the label has been told to everyone; may be null.</param>
    public void StartWaitingLabel(long position, Completion? parent)
    {
        var record = new JournalRecord();
        if (!TryReadRecord(position, record) || !record.HasRow)
        {
            parent?.PartDone(null);
            return;
        }

        var request = Requests.Take();
        var row = request.Frame.Row;
        row.Reset(record.Row.Plan);
        for (var i = 0; i < record.Row.Slots.Length; i++)
        {
            row.Set(i, record.Row[i]);
        }

        row.Seal();
        request.IngestWaiting(Events[row.Plan.Ordinal], position, parent);
    }

    /// <summary>Sends those labels on their way whose event is in the journal: a crash came between the event and them.</summary>
    public void StartForgottenLabels()
    {
        var answers = new IdempotencyIndex(this);
        foreach (var label in Ids.CollectWaiting())
        {
            if (answers.Knows(label.EventKey))
            {
                StartWaitingLabel(label.Position, null);
            }
        }
    }

    public void NextGeneration() => Interlocked.Increment(ref _generation);

    public void MakeShards() => _shards = [.. Enumerable.Range(0, Options.Shards).Select(number => new Shard(number, this))];

    /// <summary>
    /// The shard of an entity: by the same hash as its place in the table of snapshots, so that a shard's entities lie side by side there and
    /// saving them in order writes each page of the table once.
    /// </summary>
    public Shard ShardOf(int kind, string key) => ShardOf(JournalReader.EntityHash(KindHashes[kind], key));

    public Shard ShardOf(ulong hash) => _shards[(int)(((hash >> 32) * (ulong)_shards.Length) >> 32)];

    /// <summary>Takes the schemas that the journal holds; <paramref name="current"/> is the id of today's.</summary>
    public void TakeSchemas(Dictionary<long, JournalSchema> schemas, long current)
    {
        foreach (var (id, schema) in schemas)
        {
            _maps[id] = new(schema, Bundle);
        }

        CurrentMap = _maps[current];
    }

    /// <exception cref="JournalException">A batch names a schema that is not there.</exception>
    public SchemaMap MapOf(in StoredBatch batch) => _maps.TryGetValue(batch.Schema, out var map) ? map : throw JournalException.Corrupt(
        "journal.db", batch.First, $"its schema {batch.Schema} is missing");

    /// <summary>Reads the record at a position, from memory or from the disk; false where there is none (any more).</summary>
    /// <exception cref="JournalException">It is corrupt.</exception>
    public bool TryReadRecord(long position, JournalRecord record)
    {
        if (Journal.FindUncommitted(position) is { } fresh)
        {
            record.Read(position, fresh, CurrentMap);
            return true;
        }

        var reader = Readers.Take();
        try
        {
            if (reader.BatchOf(position) is not { } batch || batch.RecordAt(position) is not { } bytes)
            {
                return false;
            }

            record.Read(position, bytes, MapOf(batch));
            return true;
        }
        catch (InvalidDataException e)
        {
            throw JournalException.Corrupt("journal.db", position, e.Message, e);
        }
        finally
        {
            Readers.Give(reader);
        }
    }

    /// <summary>The entities that a record concerns, its owner first.</summary>
    public void ConcernedBy(JournalRecord record, List<Told> told)
    {
        told.Clear();
        if (record.Kind == RecordKind.Label)
        {
            told.AddRange(record.Told);
            return;
        }

        if (!record.HasRow || record.Kind is RecordKind.WaitingLabel or RecordKind.LaterDecision or RecordKind.LaterRanking)
        {
            return;
        }

        var others = Events[record.Row.Plan.Ordinal].Keys;
        if (record.Kind is RecordKind.Decision or RecordKind.Ranking && record.Decision >= 0)
        {
            var decision = Decisions[record.Decision];
            AddTold(told, record.Row, decision.OwnerKind, decision.Plan.OwnerKeySlot);
            others = decision.Recipients;
        }

        foreach (var tell in others)
        {
            AddTold(told, record.Row, tell.Kind, tell.KeySlot);
        }
    }

    private static void AddTold(List<Told> told, EventRow row, int kind, int slot)
    {
        if (row[slot].Text is { Length: > 0 } key)
        {
            told.Add(new(kind, key));
        }
    }
}
