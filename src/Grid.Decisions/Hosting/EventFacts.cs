using Grid.Decisions.Plans;
using Grid.Features.Plans;

namespace Grid.Decisions.Hosting;

/// <summary>Properties of an event type that a host needs on each call, computed once.</summary>
internal sealed class EventFacts
{
    public EventFacts(EventPlan plan, DefinitionPlan definitions)
    {
        Plan = plan;
        Sent = plan.SentFields;
        Keys = [.. plan.Keys];
        TypeHash = StableHash.Of(plan.Name);
        IsLabelled = definitions.Events.Any(other => other.Label?.Target == plan.Ordinal);
    }

    public EventPlan Plan { get; }

    /// <summary>The number of fields that callers send; these come first.</summary>
    public int Sent { get; }

    public KeyPlan[] Keys { get; }

    /// <summary>The hash of the type's name: ordinals change with the bundle, names do not.</summary>
    public ulong TypeHash { get; }

    public bool IsLabelled { get; }

    public static bool Holds(int kind, DefinitionPlan definitions, int @event) => definitions.Kinds[kind].TimelineOf(@event) is not null;

    /// <summary>The key of an event in the idempotency index.</summary>
    public ulong IdKeyOf(ulong idHash) => StableHash.With(idHash ^ TypeHash, 0);

    /// <summary>
    /// The key of a label's whole content: the same label sent again is a duplicate, another label of the same event is not.
    /// </summary>
    public ulong ContentKeyOf(EventRow row)
    {
        var hash = TypeHash;
        for (var i = 0; i < Sent; i++)
        {
            var slot = row[i];
            hash = StableHash.With(hash ^ (slot.Text is { } text ? StableHash.Of(text) : (ulong)slot.Bits), slot.IsPresent ? i : -1 - i);
        }

        return hash;
    }
}

/// <summary>Properties of a decision that a host needs on each call, computed once.</summary>
internal sealed class DecisionFacts
{
    public DecisionFacts(DecisionPlan plan, EventFacts on, DefinitionPlan definitions)
    {
        Plan = plan;
        On = on;
        OwnerKind = plan.Owner.Ordinal;
        Foreign = [.. plan.Foreign];
        Recipients = [.. on.Keys.Where(tell => tell.Kind != OwnerKind || tell.KeySlot != plan.OwnerKeySlot)];
        MaxAges = [.. Foreign.Select(read => plan.Freshness?.MaxAgeOf(read) ?? 0)];
        KeepsCopies = plan.Freshness is { } freshness && (freshness.Deadline is not null || MaxAges.Any(age => age > 0));
    }

    public DecisionPlan Plan { get; }

    public EventFacts On { get; }

    public int OwnerKind { get; }

    public FeatureRead[] Foreign { get; }

    /// <summary>
    /// By index in <see cref="Foreign"/>: the maximum staleness of a replica used instead of asking the owner, in milliseconds; 0 always
    /// asks.
    /// </summary>
    public long[] MaxAges { get; }

    /// <summary>Whether features fetched from owners are kept as replicas for later calls.</summary>
    public bool KeepsCopies { get; }

    /// <summary>The recipients of the event besides its owner.</summary>
    public KeyPlan[] Recipients { get; }
}
