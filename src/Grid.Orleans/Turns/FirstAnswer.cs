namespace Grid.Orleans;

/// <summary>Gives a first answer again.</summary>
internal static class FirstAnswer
{
    /// <param name="first">A <see cref="Decision"/> or a <see cref="Ranking"/>.</param>
    public static object Again(object first) => first is Ranking ranking ? Again(ranking) : Again((Decision)first);

    private static Decision Again(Decision first) => new()
    {
        Id = first.Id,
        Name = first.Name,
        Owner = first.Owner,
        EventId = first.EventId,
        At = first.At,
        Action = first.Action,
        Score = first.Score,
        Reasons = first.Reasons,
        Features = first.Features,
        Outputs = first.Outputs,
        TimedOut = first.TimedOut,
        Model = first.Model,
        Bundle = first.Bundle,
        Fallback = first.Fallback,
        Duplicate = true,
    };

    private static Ranking Again(Ranking first) => new()
    {
        Id = first.Id,
        Name = first.Name,
        Owner = first.Owner,
        EventId = first.EventId,
        At = first.At,
        Items = first.Items,
        Model = first.Model,
        FallbackModel = first.FallbackModel,
        Bundle = first.Bundle,
        Fallback = first.Fallback,
        Duplicate = true,
        TimedOut = first.TimedOut,
    };
}
