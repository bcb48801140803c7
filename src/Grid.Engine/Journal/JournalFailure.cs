namespace Grid.Engine;

/// <summary>What happens when the journal fails: first it refuses, then those who waited are told, then the rest of the engine goes about coming back.</summary>
internal sealed class JournalFailure(JournalWriteQueue intake)
{
    /// <summary>Called first, before anyone is told: whoever is told must find the grid closed already.</summary>
    public Action<Exception>? Failing { get; set; }

    /// <summary>Called once per failure, after those who waited were told.</summary>
    public Action<Exception>? Failed { get; set; }

    /// <summary>Fails for another reason than a write.</summary>
    public void Fail(Exception failure)
    {
        if (intake.TryRefuse(failure, out var lost))
        {
            Report(failure, null, lost, []);
        }
    }

    /// <summary>Fails because a write did.</summary>
    /// <param name="failure">Why, as callers are told.</param>
    /// <param name="batch">The batch that was not written, where there was one.</param>
    /// <param name="works">The other work that was not written.</param>
    public void FailWrite(Exception failure, WriteBatch? batch, List<IJournalWork> works) =>
        Report(failure, batch, intake.RefuseAfterWrite(failure), works);

    // Refused first, told after: who is told of a failure and asks again at once must not be let in halfway.
    private void Report(Exception failure, WriteBatch? batch, WriteBatch lost, List<IJournalWork> works)
    {
        Failing?.Invoke(failure);
        intake.Gate.GiveUp();
        batch?.Complete(failure);
        lost.Complete(failure);
        foreach (var work in works)
        {
            work.Done(failure);
        }

        while (intake.TryTakeWork(out var work))
        {
            work.Done(failure);
        }

        Failed?.Invoke(failure);
    }
}
