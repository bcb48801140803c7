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
internal sealed class GridCodec : ISpecializableCodec, ISpecializableCopier, ITypeFilter
{
    public bool IsSupportedType(Type type) => Formats.ByType.ContainsKey(type);

    public bool? IsTypeAllowed(Type type) => IsSupportedType(type) ? true : null;

    public IFieldCodec GetSpecializedCodec(Type type) => (IFieldCodec)CodecOf(type);

    public IDeepCopier GetSpecializedCopier(Type type) => (IDeepCopier)CodecOf(type);

    private static object CodecOf(Type type) => Activator.CreateInstance(typeof(MessageCodec<>).MakeGenericType(type), Formats.ByType[type])!;
}

/// <summary>One message type, as Orleans' serializer sees it.</summary>
internal sealed class MessageCodec<T>(IMessageFormat format) : IFieldCodec<T>, IDeepCopier<T>
    where T : notnull
{
    private readonly MessageFormat<T> _format = (MessageFormat<T>)format;

    public void WriteField<TBufferWriter>(ref Writer<TBufferWriter> writer, uint fieldIdDelta, [AllowNull] Type expectedType, [AllowNull] T value)
        where TBufferWriter : IBufferWriter<byte>
    {
        if (value is null)
        {
            ReferenceCodec.WriteNullReference(ref writer, fieldIdDelta);
            return;
        }

        // Messages are trees: one that is told twice is written twice, and is counted among the references as one value.
        ReferenceCodec.MarkValueField(writer.Session);
        writer.WriteFieldHeader(fieldIdDelta, expectedType!, typeof(T), WireType.LengthPrefixed);
        var bytes = Formats.Write(_format, value);
        writer.WriteVarUInt32((uint)bytes.Length);
        writer.Write(bytes);
    }

    public T ReadValue<TInput>(ref Reader<TInput> reader, Field field)
    {
        if (field.IsReference)
        {
            return ReferenceCodec.ReadReference<T, TInput>(ref reader, field)!;
        }

        field.EnsureWireType(WireType.LengthPrefixed);
        ReferenceCodec.MarkValueField(reader.Session);
        var length = checked((int)reader.ReadVarUInt32());
        return reader.TryReadBytes(length, out var bytes)
            ? Formats.Read(_format, bytes)
            : Formats.Read(_format, reader.ReadBytes((uint)length));
    }

    [return: NotNullIfNotNull(nameof(input))]
    public T? DeepCopy(T? input, CopyContext context) => input is null || _format.IsImmutable ? input : _format.Copy(input);

    void IFieldCodec.WriteField<TBufferWriter>(ref Writer<TBufferWriter> writer, uint fieldIdDelta, [AllowNull] Type expectedType, [AllowNull] object value) =>
        WriteField(ref writer, fieldIdDelta, expectedType, (T?)value);

    object? IFieldCodec.ReadValue<TInput>(ref Reader<TInput> reader, Field field) => ReadValue(ref reader, field);

    object? IDeepCopier.DeepCopy(object? input, CopyContext context) => DeepCopy((T?)input, context);
}
