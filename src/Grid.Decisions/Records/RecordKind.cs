namespace Grid.Decisions.Records;

/// <summary>The kind of a journal record. The numbers are on disk: append new ones, never change one.</summary>
internal enum RecordKind : byte
{
    /// <summary>An ingested event.</summary>
    Event = 1,

    /// <summary>A decision: the requesting event and the answer.</summary>
    Decision = 2,

    /// <summary>A label whose event was found: the label and its recipients.</summary>
    Label = 3,

    /// <summary>A label whose event has not been ingested yet.</summary>
    WaitingLabel = 4,

    /// <summary>A decision on an event that was already ingested: only the answer counts, the event is not applied again.</summary>
    LaterDecision = 5,

    /// <summary>In a cluster: an event delivered to a recipient by its owner.</summary>
    Heard = 6,

    /// <summary>In a cluster: a label delivered to a recipient by the owner of its event.</summary>
    HeardLabel = 7,

    /// <summary>A ranking: the requesting event and the answer for all candidates.</summary>
    Ranking = 8,

    /// <summary>A ranking on an event that was already ingested: only the answer counts, the event is not applied again.</summary>
    LaterRanking = 9,
}
