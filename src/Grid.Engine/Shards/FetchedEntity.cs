using Grid.Decisions.Plans;
using Grid.Decisions.Turns;
using Grid.Features.Plans;

namespace Grid.Engine;

/// <summary>Features of one entity that a call wants.</summary>
/// <param name="read">Which.</param>
/// <param name="key">Of which entity.</param>
/// <param name="maxAge">How old a copy may be so that the owner need not be asked, in milliseconds; 0 always asks.</param>
internal sealed class FetchedEntity(FeatureRead read, string key, long maxAge)
{
    private FeatureReplica? _answer;
    private FeatureReplica? _taken;
    private bool _isOwners;

    public FeatureRead Read => read;

    public string Key => key;

    /// <summary>Whether the owner was asked and had not answered when the call went on.</summary>
    public bool IsTimedOut { get; private set; }

    /// <summary>Takes a copy that is young enough; false where there is none.</summary>
    public bool TakeYoung(FeatureReplicas copies, long at)
    {
        if (maxAge > 0 && copies.Find(read, key) is { } copy && copy.At <= at && at - copy.At <= maxAge)
        {
            _taken = copy;
        }

        return _taken is not null;
    }

    /// <summary>The owner answers. What comes after <see cref="Settle"/> does not count.</summary>
    public void Answer(FeatureReplica answer) => Volatile.Write(ref _answer, answer);

    /// <summary>The call goes on: what is there now counts, and nothing that comes later.</summary>
    public void Settle(FeatureReplicas copies, long at)
    {
        if (_taken is not null)
        {
            return;
        }

        _taken = Volatile.Read(ref _answer);
        _isOwners = _taken is not null;
        if (!_isOwners)
        {
            IsTimedOut = true;
            _taken = copies.Find(read, key) is { } copy && copy.At <= at ? copy : null; // A later one would know what the decision cannot.
        }
    }

    public void ReadInto(Span<ReadValue> values, Span<FeatureOrigin> origins, FreshnessPlan? freshness, long at)
    {
        if (_taken is not null)
        {
            _taken.Values.CopyTo(values);
        }

        if (freshness is null || _isOwners)
        {
            return; // The frame's standings say so from the start.
        }

        for (var i = 0; i < values.Length; i++)
        {
            var terms = freshness.Terms[read.FirstInput + i];
            if (_taken is not null)
            {
                var staleness = (int)Math.Min(at - _taken.At, int.MaxValue);
                origins[i] = new(!IsTimedOut || staleness <= terms.MaxAgeMilliseconds ? FeatureSource.Replica : FeatureSource.StaleReplica, staleness);
            }
            else
            {
                values[i] = new(terms.Default, ReadValue.Nothing, Approximate: false);
                origins[i] = new(terms.Default.IsMissing ? FeatureSource.Missing : FeatureSource.Default, 0);
            }
        }
    }
}
