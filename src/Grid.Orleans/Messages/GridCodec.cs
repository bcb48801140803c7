using System.Buffers;
using System.Diagnostics.CodeAnalysis;

using Orleans.Serialization;
using Orleans.Serialization.Buffers;
using Orleans.Serialization.Cloning;
using Orleans.Serialization.Codecs;
using Orleans.Serialization.Serializers;
using Orleans.Serialization.WireProtocol;

namespace Grid.Orleans;

/// <summary>
/// Carries the contract's messages between silos and clients in our own format, so that the contract needs no attributes and old and new silos
/// understand each other: to Orleans each message is one block of bytes.
/// </summary>
internal sealed class GridCodec : IGeneralizedCodec, IGeneralizedCopier, ITypeFilter
{
    public bool IsSupportedType(Type type) => Formats.ByType.ContainsKey(type);

    public bool? IsTypeAllowed(Type type) => IsSupportedType(type) ? true : null;

    public void WriteField<TBufferWriter>(ref Writer<TBufferWriter> writer, uint fieldIdDelta, [AllowNull] Type expectedType, [AllowNull] object? value)
        where TBufferWriter : IBufferWriter<byte>
    {
        if (value is null)
        {
            ReferenceCodec.WriteNullReference(ref writer, fieldIdDelta);
            return;
        }

        // Messages are trees: the same instance told twice is written twice, and the other side keeps no count of references but this one.
        ReferenceCodec.MarkValueField(writer.Session);
        var type = value.GetType();
        writer.WriteFieldHeader(fieldIdDelta, expectedType!, type, WireType.LengthPrefixed);
        var bytes = Formats.Write(Formats.ByType[type], value);
        writer.WriteVarUInt32((uint)bytes.Length);
        writer.Write(bytes);
    }

    public object? ReadValue<TInput>(ref Reader<TInput> reader, Field field)
    {
        if (field.IsReference)
        {
            return ReferenceCodec.ReadReference(ref reader, field.FieldType!);
        }

        field.EnsureWireType(WireType.LengthPrefixed);
        ReferenceCodec.MarkValueField(reader.Session);
        var length = checked((int)reader.ReadVarUInt32());
        var format = Formats.ByType[field.FieldType!];
        return reader.TryReadBytes(length, out var bytes)
            ? Formats.Read(format, bytes)
            : Formats.Read(format, reader.ReadBytes((uint)length));
    }

    [return: NotNullIfNotNull(nameof(input))]
    public object? DeepCopy(object? input, CopyContext context) =>
        input is not null && Formats.ByType[input.GetType()] is { IsImmutable: false } format ? format.Copy(input) : input;
}
