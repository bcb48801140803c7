using Grid.Features.Binary;
using Grid.Features.Plans;

namespace Grid.Decisions.Records;

/// <summary>A decoded record of the journal. Instances are reused.</summary>
internal sealed class JournalRecord
{
    private FieldSlot[] _slots = [];
    private EventShape _shape = null!;

    public long Position { get; private set; }

    public RecordKind Kind { get; private set; }

    public bool IsDecision => Kind is RecordKind.Decision or RecordKind.LaterDecision;

    public bool IsRanking => Kind is RecordKind.Ranking or RecordKind.LaterRanking;

    /// <summary>Whether the record contains an answer.</summary>
    public bool IsAnswer => IsDecision || IsRanking;

    /// <summary>Whether <see cref="Row"/> contains the event in the layout of the current bundle.</summary>
    public bool HasRow { get; private set; }

    public EventRow Row { get; } = new();

    /// <summary>The name of the event type when the record was written.</summary>
    public string EventName => _shape.Name;

    /// <summary>The event's id; for a label, the id of the labelled event.</summary>
    public string EventId => _slots[_shape.IdSlot].Text ?? "";

    public EventTime At => EventTime.FromTrusted(_slots[_shape.TimeSlot].Bits);

    /// <summary>For a decision: its index in the current bundle, or -1.</summary>
    public int Decision { get; private set; }

    public DecidedShape? Decided { get; private set; }

    /// <summary>For a decision: the encoded answer.</summary>
    public ReadOnlyMemory<byte> Answer { get; private set; }

    /// <summary>For a label: its event's offset in the journal, event time and hashed id.</summary>
    public LabelTarget Target { get; private set; }

    /// <summary>For a label that waited for its event: the offset of its waiting record; 0 otherwise.</summary>
    public long Waited { get; private set; }

    /// <summary>For a label: the owner of the event and its recipients, the owner first.</summary>
    public List<Told> Told { get; } = [];

    /// <summary>For a decision: the owner's key.</summary>
    public string OwnerKey => _slots[Decided!.OwnerKeySlot].Text ?? "";

    /// <summary>Reads one record, without its length prefix.</summary>
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

    /// <summary>Decodes the answer, with the id that the host assigned.</summary>
    public Decision ToDecision(string id, bool duplicate) =>
        DecisionRecord.Read(Answer.Span, Decided!.Shape, (id, OwnerKey, EventId, At), duplicate);

    /// <summary>Decodes the ranking, with the id that the host assigned.</summary>
    public Ranking ToRanking(string id, bool duplicate) =>
        RankingRecord.Read(Answer.Span, Decided!.Shape, (id, OwnerKey, EventId, At), duplicate);

    /// <summary>The event as sent, with the field names at that time.</summary>
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

/// <summary>The event that a label refers to.</summary>
internal readonly record struct LabelTarget(long Position, EventTime At, ulong IdHash);

/// <summary>An entity to which a label is delivered.</summary>
internal readonly record struct Told(int Kind, string Key);
