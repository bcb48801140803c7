using System.Threading.Tasks.Sources;

namespace Grid.Postgres;

/// <summary>A row on its way to the disk, and what its caller awaits. Used again once the caller has its answer.</summary>
internal sealed class PendingRow(LaneIntake intake) : IValueTaskSource<Appended>
{
    private ManualResetValueTaskSourceCore<Appended> _source = new() { RunContinuationsAsynchronously = true };

    public EntityWriter Writer { get; private set; } = null!;

    public long Version { get; private set; }

    public string EventType { get; private set; } = "";

    public long IdHash { get; private set; }

    public long At { get; private set; }

    public IReadOnlyList<EntityId> Tells { get; private set; } = [];

    public IReadOnlyList<RowId> Takes { get; private set; } = [];

    /// <summary>Where its body is in the batch that filled when it came.</summary>
    public (Batch Batch, int Offset, int Length) Body { get; private set; }

    /// <summary>Whether labels wait for it; known after the flush.</summary>
    public bool LabelsWait { get; set; }

    public ReadOnlyMemory<byte> Bytes => Body.Batch.BytesOf(Body.Offset, Body.Length);

    public ValueTask<Appended> Task => new(this, _source.Version);

    public void Begin(EntityWriter writer, in LogRow row, Batch batch)
    {
        (Writer, Version, EventType) = (writer, row.Version, row.EventType);
        (IdHash, At) = (unchecked((long)row.IdHash), row.At.UnixMilliseconds);
        (Tells, Takes) = (row.Tells ?? [], row.Takes ?? []);
        (Body, LabelsWait) = ((batch, batch.Add(row.Body), row.Body.Length), false);
    }

    /// <summary>Moves the body to another batch: the row waits for the next flush.</summary>
    public void MoveTo(Batch batch) => Body = (batch, batch.Add(Bytes.Span), Body.Length);

    public void Succeed() => _source.SetResult(new(LabelsWait));

    public void Fail(Exception failure) => _source.SetException(failure);

    ValueTaskSourceStatus IValueTaskSource<Appended>.GetStatus(short token) => _source.GetStatus(token);

    void IValueTaskSource<Appended>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _source.OnCompleted(continuation, state, token, flags);

    Appended IValueTaskSource<Appended>.GetResult(short token)
    {
        try
        {
            return _source.GetResult(token);
        }
        finally
        {
            _source.Reset();
            (Writer, Body, Tells, Takes) = (null!, default, [], []);
            intake.GiveBack(this);
        }
    }
}
