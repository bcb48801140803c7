using System.Buffers;

namespace Grid.Postgres;

/// <summary>A snapshot on its way to the disk. It waits until the rows that it includes are there.</summary>
internal sealed class PendingSnapshot
{
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly int _length;
    private byte[] _buffer;

    public PendingSnapshot(EntityWriter writer, long version, ReadOnlySpan<byte> state)
    {
        (Writer, Version, _length) = (writer, version, state.Length);
        _buffer = ArrayPool<byte>.Shared.Rent(state.Length);
        state.CopyTo(_buffer);
    }

    public EntityWriter Writer { get; }

    public long Version { get; }

    public ReadOnlyMemory<byte> Bytes => _buffer.AsMemory(0, _length);

    public Task Task => _done.Task;

    /// <summary>Ends it, and gives its memory back.</summary>
    /// <param name="failure">Null where the snapshot, or a newer one, is on disk.</param>
    public void End(Exception? failure)
    {
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
        if (failure is null)
        {
            _done.SetResult();
            return;
        }

        _done.SetException(failure);
        _ = _done.Task.Exception; // Nobody needs to await it.
    }
}
