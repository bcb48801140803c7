using Grid.Decisions.Hosting;
using Grid.Decisions.Records;
using Grid.Decisions.Turns;
using Grid.Features.Plans;

namespace Grid.Orleans;

/// <summary>What a request looks for among the rows of its event.</summary>
/// <param name="Decision">The decision's place in the bundle; -1 where only the event is looked for.</param>
/// <param name="Rank">The candidates, where the decision ranks.</param>
/// <param name="OwnerSlot">The slot of the owner's key; -1 of an event without an owner.</param>
internal readonly record struct Sought(int Decision, RankFrame? Rank, int OwnerSlot)
{
    public static Sought Event(EventFacts type) => new(-1, null, type.Keys.Length > 0 ? type.Keys[0].KeySlot : -1);

    public static Sought Answer(DecisionFacts decision, RankFrame? rank) => new(decision.Plan.Ordinal, rank, decision.Plan.OwnerKeySlot);

    /// <summary>Whether a record of the same event holds the answer.</summary>
    public bool IsAnsweredBy(JournalRecord record) => Decision >= 0 && record.IsAnswer && record.Decision == Decision;

    /// <summary>
    /// What the caller is told where a record of the request's type and id is another event, or a ranking of other candidates; null where
    /// not.
    /// </summary>
    public GridException? ConflictOf(JournalRecord record, EventFacts type, EventRow request)
    {
        if (!EventContent.IsSame(record, type, request))
        {
            return EventContent.Conflict(record, type, request, OwnerSlot);
        }

        return Rank is not null && IsAnsweredBy(record) && !RankingRecord.IsOf(record.Answer.Span, record.Decided!.Shape, Rank)
            ? EventContent.OtherCandidates(type, request, OwnerSlot)
            : null;
    }
}
