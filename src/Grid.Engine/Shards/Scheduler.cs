namespace Grid.Engine;

/// <summary>
/// Carries messages to shards on the thread that sends them. A thread that is in a shard already goes to the next one only after it has left:
/// shards are visited one after another, never one inside another, so the stack stays flat and no two shards wait for each other.
/// </summary>
internal sealed class Scheduler
{
    /// <summary>How many turns a thread runs for others before the thread pool takes over.</summary>
    private const int MostTurns = 256;

    [ThreadStatic]
    private static Scheduler? _current;

    private readonly Queue<(Shard Shard, ShardMessage Message)> _later = new();
    private bool _underWay;
    private int _turns;

    public static void Send(Shard shard, ShardMessage message)
    {
        if (!shard.TryEnter(message))
        {
            return; // It waits in the shard's queue; who is in the shard comes to it.
        }

        var scheduler = _current ??= new();
        if (scheduler._underWay)
        {
            scheduler._later.Enqueue((shard, message));
        }
        else
        {
            scheduler.Deliver(shard, message);
        }
    }

    /// <summary>Goes on in a shard that the calling thread was given.</summary>
    public static void Resume(Shard shard, ShardMessage message) => (_current ??= new()).Deliver(shard, message);

    private void Deliver(Shard shard, ShardMessage message)
    {
        _underWay = true;
        _turns = 0;
        try
        {
            _turns += shard.Run(message);
            while (_later.TryDequeue(out var next))
            {
                if (_turns < MostTurns)
                {
                    _turns += next.Shard.Run(next.Message);
                }
                else
                {
                    next.Shard.HandOver(next.Message);
                }
            }
        }
        finally
        {
            _underWay = false;
        }
    }
}
