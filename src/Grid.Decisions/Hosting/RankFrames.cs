using System.Collections.Concurrent;
using Grid.Decisions.Turns;

namespace Grid.Decisions.Hosting;

/// <summary>A pool of ranking frames. Each takes a few hundred kilobytes, so only a few are kept.</summary>
internal sealed class RankFrames
{
    private const int Most = 32;

    private readonly ConcurrentBag<RankFrame> _free = [];

    public RankFrame Take() => _free.TryTake(out var frame) ? frame : new();

    public void Give(RankFrame frame)
    {
        if (_free.Count < Most)
        {
            _free.Add(frame);
        }
    }
}
