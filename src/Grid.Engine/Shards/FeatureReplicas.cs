using System.Numerics;
using Grid.Decisions.Plans;
using Grid.Features.Plans;

namespace Grid.Engine;

/// <summary>What an entity said when it was asked: a local copy of the features that one decision reads of it. It is never changed.</summary>
/// <param name="Read">Which features.</param>
/// <param name="Key">Of which entity.</param>
/// <param name="At">The moment they were read at, in milliseconds of event time.</param>
/// <param name="Values">The features, in the order of the read.</param>
internal sealed record FeatureReplica(FeatureRead Read, string Key, long At, ReadValue[] Values)
{
    public bool IsOf(FeatureRead read, string key) => ReferenceEquals(Read, read) && Key == key;
}

/// <summary>
/// The copies, so many and no more: each has two places by its hash, and what comes takes the place of what is older. Without a lock: a copy
/// that is lost to another thread's is asked for again.
/// </summary>
internal sealed class FeatureReplicas(int most)
{
    private readonly FeatureReplica?[] _places = new FeatureReplica?[BitOperations.RoundUpToPowerOf2((uint)most)];

    /// <summary>The copy of some features of an entity; null where there is none.</summary>
    public FeatureReplica? Find(FeatureRead read, string key)
    {
        var first = PlaceOf(read, key);
        return Volatile.Read(ref _places[first]) is { } one && one.IsOf(read, key) ? one
            : Volatile.Read(ref _places[first ^ 1]) is { } other && other.IsOf(read, key) ? other
            : null;
    }

    /// <summary>Keeps a copy, unless there is one of a later moment.</summary>
    public void Keep(FeatureReplica copy)
    {
        var first = PlaceOf(copy.Read, copy.Key);
        var (one, other) = (Volatile.Read(ref _places[first]), Volatile.Read(ref _places[first ^ 1]));
        if (one is not null && one.IsOf(copy.Read, copy.Key))
        {
            KeepAt(first, one, copy);
        }
        else if (other is not null && other.IsOf(copy.Read, copy.Key))
        {
            KeepAt(first ^ 1, other, copy);
        }
        else
        {
            Volatile.Write(ref _places[one is null || (other is not null && one.At <= other.At) ? first : first ^ 1], copy);
        }
    }

    public void Clear() => Array.Clear(_places);

    private void KeepAt(int place, FeatureReplica before, FeatureReplica copy)
    {
        if (before.At <= copy.At)
        {
            Volatile.Write(ref _places[place], copy);
        }
    }

    private int PlaceOf(FeatureRead read, string key) =>
        (int)(StableHash.With(StableHash.Of(key), read.Kind.Ordinal + (read.FirstInput << 8)) & (ulong)(_places.Length - 1));
}
