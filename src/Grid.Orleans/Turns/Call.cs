using System.Collections.Concurrent;
using Grid.Decisions.Records;
using Grid.Decisions.Turns;

namespace Grid.Orleans;

/// <summary>The working memory of one call, used again for the next: a frame with the request's row, and a record to decode stored rows into.</summary>
internal sealed class Call
{
    public TurnFrame Frame { get; } = new();

    public JournalRecord Record { get; } = new();

    public List<Told> Told { get; } = [];
}

/// <summary>Calls that wait for their next use.</summary>
internal sealed class CallPool
{
    private const int Most = 4096;

    private readonly ConcurrentQueue<Call> _free = new();

    public Call Take() => _free.TryDequeue(out var free) ? free : new();

    public void Give(Call call)
    {
        if (_free.Count < Most)
        {
            _free.Enqueue(call);
        }
    }
}
