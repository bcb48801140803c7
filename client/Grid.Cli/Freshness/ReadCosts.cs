using Grid.Decisions.Plans;

namespace Grid.Cli.Freshness;

/// <summary>
/// What it costs to be so fresh: how often an owner is asked where a copy of its features may be so old, how long an owner takes to answer, and how
/// many bytes the copies take.
/// </summary>
internal sealed class ReadCosts(FeatureRead read, bool isOwn)
{
    private const int CopyBytes = 16; // when it was read, and the age of what was read; a number is 8 more
    private readonly Dictionary<string, long>[] _copies = [.. Ages.Milliseconds.Select(_ => new Dictionary<string, long>())];
    private readonly long[] _reads = new long[Ages.Milliseconds.Length];
    private double _seconds;
    private long _timed;

    public FeatureRead Read => read;

    /// <summary>Whether it is the decision's owner, which reads itself in its own turn: nobody is asked.</summary>
    public bool IsOwn => isOwn;

    /// <summary>How many entities were read.</summary>
    public int Entities => _copies[0].Count;

    /// <summary>Bytes of a copy of the read features of each entity that was read, beside its key.</summary>
    public long BytesOfCopies => Entities * (CopyBytes + (8L * read.Features.Length));

    /// <summary>Mean time of reading every feature of an entity at a moment, in nanoseconds.</summary>
    public double Nanoseconds => _timed == 0 ? double.NaN : _seconds * 1e9 / _timed;

    /// <summary>How often the owner is asked, where a copy may have that age.</summary>
    public long Reads(int age) => _reads[age];

    public void Needed(string key, EventTime at)
    {
        for (var age = 0; age < _reads.Length; age++)
        {
            if (!_copies[age].TryGetValue(key, out var copied) || at.UnixMilliseconds - copied >= Ages.Milliseconds[age])
            {
                _copies[age][key] = at.UnixMilliseconds;
                _reads[age]++;
            }
        }
    }

    /// <summary>Counts one read. Timestamps of a clock and their frequency, for a <see cref="TimeSpan"/> would round it to 100 ns.</summary>
    public void Took(long started, long ended, long frequency)
    {
        _seconds += (double)(ended - started) / frequency;
        _timed++;
    }
}
