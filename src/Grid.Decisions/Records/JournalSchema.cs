using System.Security.Cryptography;
using Grid.Decisions.Plans;
using Grid.Features.Binary;

namespace Grid.Decisions.Records;

/// <summary>
/// Resolves the numbers in records to names: event types with their fields, kinds, decisions. One is stored for each bundle version that
/// wrote to the journal, so that records stay readable when the bundle changes. Specified in docs/formats/journal.md#records.
/// </summary>
internal sealed class JournalSchema
{
    public required IReadOnlyList<EventShape> Events { get; init; }

    public required IReadOnlyList<string> Kinds { get; init; }

    public required IReadOnlyList<DecidedShape> Decisions { get; init; }

    public static JournalSchema Of(Bundle bundle)
    {
        var name = NameOf(bundle);
        return new()
        {
            Events = [.. bundle.Definitions.Events.Select(EventShape.Of)],
            Kinds = [.. bundle.Definitions.Kinds.Select(kind => kind.Name)],
            Decisions = [.. bundle.Decisions.Select(plan => new DecidedShape(DecisionShape.Of(plan, name), plan.OwnerKeySlot))],
        };
    }

    /// <summary>The bundle with its version, as in answers.</summary>
    public static string NameOf(Bundle bundle) => $"{bundle.Name}@{bundle.Version}";

    /// <exception cref="InvalidDataException">The bytes are not a schema.</exception>
    public static JournalSchema Read(ReadOnlySpan<byte> bytes)
    {
        var reader = new SpanReader(bytes);
        var events = new EventShape[reader.Count(4)];
        for (var i = 0; i < events.Length; i++)
        {
            events[i] = EventShape.Read(ref reader);
        }

        var kinds = reader.Texts();
        var decisions = new DecidedShape[reader.Count(4)];
        for (var i = 0; i < decisions.Length; i++)
        {
            var slot = checked((int)reader.VarUInt());
            decisions[i] = new(DecisionShape.Read(reader.Bytes(reader.Count(1))), slot);
        }

        return new() { Events = events, Kinds = kinds, Decisions = decisions };
    }

    public byte[] ToBytes()
    {
        var buffer = new byte[1 << 12];
        while (true)
        {
            try
            {
                return buffer[..Write(buffer)];
            }
            catch (Exception e) when (e is IndexOutOfRangeException or ArgumentException)
            {
                buffer = new byte[buffer.Length * 2];
            }
        }
    }

    /// <summary>Identical for identical schemas, whichever process wrote them.</summary>
    public static string FingerprintOf(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    private int Write(Span<byte> buffer)
    {
        var writer = new SpanWriter(buffer);
        writer.VarUInt((ulong)Events.Count);
        foreach (var shape in Events)
        {
            shape.Write(ref writer);
        }

        writer.Texts(Kinds);
        writer.VarUInt((ulong)Decisions.Count);
        foreach (var decision in Decisions)
        {
            var bytes = decision.Shape.ToBytes();
            writer.VarUInt((ulong)decision.OwnerKeySlot);
            writer.VarUInt((ulong)bytes.Length);
            writer.Bytes(bytes);
        }

        return writer.Written;
    }
}

/// <summary>A decision in a journal schema, and the slot of the request with the owner's key.</summary>
internal sealed record DecidedShape(DecisionShape Shape, int OwnerKeySlot);
