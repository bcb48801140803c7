using System.Text;
using Grid.Json;

namespace Grid.Drills;

/// <summary>Compares a decision with the first answer, as a caller would see both: byte for byte, whether it is called a duplicate aside.</summary>
internal static class SameDecision
{
    /// <summary>Both as JSON where they differ; null where they are the same.</summary>
    public static string? Difference(Decision first, Decision again)
    {
        var (one, other) = (Text(first), Text(again));
        return one == other ? null : $"first {one}, then {other}";
    }

    private static string Text(Decision decision) => Encoding.UTF8.GetString(GridJson.Utf8(Plain(decision), DecisionJson.Write).Span);

    private static Decision Plain(Decision decision) => new()
    {
        Id = decision.Id,
        Name = decision.Name,
        Owner = decision.Owner,
        EventId = decision.EventId,
        At = decision.At,
        Action = decision.Action,
        Score = decision.Score,
        Reasons = decision.Reasons,
        Features = decision.Features,
        Model = decision.Model,
        Bundle = decision.Bundle,
        Fallback = decision.Fallback,
    };
}
