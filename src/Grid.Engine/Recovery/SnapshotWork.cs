namespace Grid.Engine;

/// <summary>Writes a few snapshots in one of the journal's transactions.</summary>
/// <param name="kinds">By the place of the kind: its name in UTF-8.</param>
/// <param name="copies">The states; not changed until the work is done.</param>
/// <param name="from">The first that is written.</param>
/// <param name="to">The first behind it that is not.</param>
internal sealed class SnapshotWork(byte[][] kinds, StateCopies copies, int from, int to) : IJournalWork
{
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task Task => _done.Task;

    public void Write(JournalDatabase database)
    {
        for (var i = from; i < to; i++)
        {
            var copy = copies[i];
            database.Snapshots.Put(copy.Place, kinds[copy.Kind], copies.KeyOf(copy), copy.Position, copies.StateOf(copy));
        }
    }

    public void Done(Exception? failure)
    {
        if (failure is null)
        {
            _done.TrySetResult();
        }
        else
        {
            _done.TrySetException(failure);
        }
    }
}
