using Grid.Features.Binary;
using Grid.Features.Plans;

namespace Grid.Decisions.Records;

/// <summary>One record of the journal, decoded. An instance is filled again and again.</summary>
internal sealed class JournalRecord
{
    private FieldSlot[] _slots = [];
    private EventShape _shape = null!;

    public long Position { get; private set; }

    public RecordKind Kind { get; private set; }

    public bool IsDecision => Kind is RecordKind.Decision or RecordKind.LaterDecision;

    public bool IsRanking => Kind is RecordKind.Ranking or RecordKind.LaterRanking;

    /// <summary>Whether it holds an answer.</summary>
    public bool IsAnswer => IsDecision || IsRanking;

    /// <summary>Whether <see cref="Row"/> holds the event as today's bundle has it.</summary>
    public bool HasRow { get; private set; }

    public EventRow Row { get; } = new();

    /// <summary>The event type's name when it was written.</summary>
    public string EventName => _shape.Name;

    /// <summary>The event's id; of a label, the id of its event.</summary>
    public string EventId => _slots[_shape.IdSlot].Text ?? "";

    public EventTime At => EventTime.FromTrusted(_slots[_shape.TimeSlot].Bits);

    /// <summary>Of a decision: its place in the bundle today, or -1.</summary>
    public int Decision { get; private set; }

    public DecidedShape? Decided { get; private set; }

    /// <summary>Of a decision: the answer's bytes.</summary>
    public ReadOnlyMemory<byte> Answer { get; private set; }

    /// <summary>Of a label: where its event is in the journal, when that happened, and the hash of its id.</summary>
    public LabelTarget Target { get; private set; }

    /// <summary>Of a label that had waited for its event: the position it waited at; 0 otherwise.</summary>
    public long Waited { get; private set; }

    /// <summary>Of a label: who is told, the event's owner first.</summary>
    public List<Told> Told { get; } = [];

    /// <summary>The owner's key, of a decision.</summary>
    public string OwnerKey => _slots[Decided!.OwnerKeySlot].Text ?? "";

    /// <summary>Reads one record, without the length in front of it.</summary>
    /// <exception cref="InvalidDataException">The bytes are not a record of the schema.</exception>
    public void Read(long position, ReadOnlyMemory<byte> bytes, SchemaMap map)
    {
        var reader = new SpanReader(bytes.Span);
        Position = position;
        Kind = (RecordKind)reader.Byte();
        (Decision, Decided, Answer, Target, Waited) = (-1, null, default, default, 0);
        Told.Clear();
        if (Kind is < RecordKind.Event or > RecordKind.LaterRanking)
        {
            throw new InvalidDataException($"The record at position {position} is of kind {(byte)Kind}, which this build does not know.");
        }

        if (IsAnswer)
        {
            ReadDecided(ref reader, map);
        }

        _shape = RowRecord.Read(ref reader, map.Schema.Events, ref _slots);
        if (IsAnswer)
        {
            Answer = bytes[reader.Consumed..];
        }
        else if (Kind is RecordKind.Label or RecordKind.HeardLabel)
        {
            ReadTarget(ref reader, map);
        }

        HasRow = map.TryFill(_shape, _slots.AsSpan(0, _shape.Fields.Count), Row);
    }

    /// <summary>The answer again, under the id that the host gave it.</summary>
    public Decision ToDecision(string id, bool duplicate) =>
        DecisionRecord.Read(Answer.Span, Decided!.Shape, (id, OwnerKey, EventId, At), duplicate);

    /// <summary>The ranking again, under the id that the host gave it.</summary>
    public Ranking ToRanking(string id, bool duplicate) =>
        RankingRecord.Read(Answer.Span, Decided!.Shape, (id, OwnerKey, EventId, At), duplicate);

    /// <summary>The event as it came in, with the names of its time.</summary>
    public Event ToEvent()
    {
        var told = new Event(_shape.Name, _shape.Fields.Count);
        for (var i = 0; i < _shape.Fields.Count; i++)
        {
            if (_slots[i].IsPresent)
            {
                told.Add(_shape.Fields[i].Name, ToValue(_slots[i], _shape.Fields[i]));
            }
        }

        return told;
    }

    private static FieldValue ToValue(FieldSlot slot, FieldShape field) => field.Type switch
    {
        FieldType.String => FieldValue.Of(slot.Text),
        FieldType.Boolean => FieldValue.Of(slot.Bits != 0),
        FieldType.Timestamp => FieldValue.Of(EventTime.FromTrusted(slot.Bits)),
        FieldType.Number => FieldValue.Of(BitConverter.Int64BitsToDouble(slot.Bits)),
        FieldType.Decimal => FieldValue.Of((decimal)slot.Bits / FixedPoint.Power(field.Scale)),
        _ => FieldValue.Of((decimal)slot.Bits),
    };

    private void ReadDecided(ref SpanReader reader, SchemaMap map)
    {
        var ordinal = reader.VarUInt();
        if (ordinal >= (ulong)map.Schema.Decisions.Count)
        {
            throw new InvalidDataException($"The record at position {Position} names decision {ordinal} of a schema with {map.Schema.Decisions.Count}.");
        }

        Decided = map.Schema.Decisions[(int)ordinal];
        Decision = map.Decisions[(int)ordinal];
    }

    private void ReadTarget(ref SpanReader reader, SchemaMap map)
    {
        Target = new((long)reader.VarUInt(), EventTime.FromTrusted(reader.VarInt()), (ulong)reader.Int64());
        Waited = (long)reader.VarUInt();
        var count = reader.Count(2);
        for (var i = 0; i < count; i++)
        {
            var kind = reader.VarUInt();
            var key = reader.Text();
            if (kind < (ulong)map.Kinds.Length && map.Kinds[(int)kind] >= 0)
            {
                Told.Add(new(map.Kinds[(int)kind], key));
            }
        }
    }
}

/// <summary>The event that a label amends.</summary>
internal readonly record struct LabelTarget(long Position, EventTime At, ulong IdHash);

/// <summary>An entity that hears of something.</summary>
internal readonly record struct Told(int Kind, string Key);
