namespace Grid.Engine;

/// <summary>Waits for a commit as a task.</summary>
internal sealed class CommitTask : ICommitWaiter
{
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public ICommitWaiter? NextWaiter { get; set; }

    public Task Task => _done.Task;

    public void CommitDone(Exception? failure)
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
