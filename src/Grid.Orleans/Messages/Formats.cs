using System.Collections.Frozen;

namespace Grid.Orleans;

/// <summary>Every message that grains exchange, by its type.</summary>
internal static class Formats
{
    public static readonly EventFormat Event = new();

    public static readonly FeatureFormat Feature = new();

    public static readonly ValidationErrorFormat ValidationError = new();

    public static readonly BatchFormat Batch = new();

    public static readonly BatchReceiptFormat BatchReceipt = new();

    public static FrozenDictionary<Type, IMessageFormat> ByType { get; } = new IMessageFormat[]
    {
        Event, new FieldValueFormat(), new EventTimeFormat(), new DecisionFormat(), Feature, new EntityFeaturesFormat(), new EntityIdFormat(),
        new PaymentFormat(), ValidationError, new ReceiptFormat(), new ExceptionFormat(), new HeardFormat(), new FeatureValuesFormat(), new DescriptionFormat(),
        new ModelScoreFormat(), new RankRequestFormat(), new RankingFormat(), new SearchFormat(),
        Batch, BatchReceipt, new FeatureListFormat(),
    }.ToFrozenDictionary(format => format.Type);

    /// <summary>The version in front of every message. A reader takes any: what is added later comes at the end.</summary>
    public const byte Version = 1;

    /// <summary>The bytes of a message, the version in front; good until the calling thread writes the next one.</summary>
    public static ReadOnlySpan<byte> Write<T>(MessageFormat<T> format, T message)
        where T : notnull
    {
        var writer = MessageWriter.Take();
        writer.Byte(Version);
        format.Write(writer, message);
        return writer.Written;
    }

    /// <exception cref="InvalidDataException">The bytes are no such message.</exception>
    public static T Read<T>(MessageFormat<T> format, ReadOnlySpan<byte> bytes)
        where T : notnull
    {
        var reader = new MessageReader(bytes);
        var version = reader.Byte();
        return version != 0 ? format.Read(ref reader) : throw new InvalidDataException("A message has version 0, which there never was.");
    }
}
