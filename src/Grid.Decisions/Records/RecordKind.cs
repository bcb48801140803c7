namespace Grid.Decisions.Records;

/// <summary>What a journal record says. The numbers are on disk: add at the end, change none.</summary>
internal enum RecordKind : byte
{
    /// <summary>An event that was observed.</summary>
    Event = 1,

    /// <summary>A decision: the event that asked, and the answer.</summary>
    Decision = 2,

    /// <summary>A label whose event was found: the label, and whom to tell.</summary>
    Label = 3,

    /// <summary>A label whose event has not come yet.</summary>
    WaitingLabel = 4,

    /// <summary>A decision on an event that had been observed before: the answer alone counts, the event is not applied again.</summary>
    LaterDecision = 5,

    /// <summary>In a cluster: an event that an entity heard of from the one that took it in.</summary>
    Heard = 6,

    /// <summary>In a cluster: a label that an entity heard of from the one that took it in.</summary>
    HeardLabel = 7,

    /// <summary>A ranking: the event that asked, and the answer over all candidates.</summary>
    Ranking = 8,

    /// <summary>A ranking on an event that had been observed before: the answer alone counts, the event is not applied again.</summary>
    LaterRanking = 9,
}
