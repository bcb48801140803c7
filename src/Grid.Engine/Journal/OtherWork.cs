namespace Grid.Engine;

/// <summary>Something small that is written in one of the journal's transactions.</summary>
internal sealed class OtherWork(Action<JournalDatabase> write) : IJournalWork
{
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task Task => _done.Task;

    public void Write(JournalDatabase database) => write(database);

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
