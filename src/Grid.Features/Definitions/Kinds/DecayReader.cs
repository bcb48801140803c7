using Grid.Features.Definitions.Yaml;
using Grid.Features.Plans;

namespace Grid.Features.Definitions.Kinds;

/// <summary>Reads the decay of a feature: <c>decayed_mean: rating.stars, half_life: 14d, window: 180d</c>.</summary>
internal static class DecayReader
{
    /// <summary>The default window, in half-lives: older values would have a weight below one billionth.</summary>
    private const int UsualHalfLives = 32;

    /// <summary>The half-life and the window, in milliseconds; null (with a diagnostic) if they are invalid.</summary>
    public static (long HalfLife, long Window)? Read(FieldPlan? field, long? window, MapReader reader, DiagnosticList faults)
    {
        reader.Require("half_life", Durations.Expected);
        if (reader.Duration("half_life") is not { } halfLife || (reader.Map["window"] is not null && window is null))
        {
            return null;
        }

        if (window is { } given && (given - 1) / DecayPlan.MostHalfLives >= halfLife)
        {
            var most = Durations.ToText(halfLife * DecayPlan.MostHalfLives);
            faults.Add(
                reader.Map["window"]!, $"Nothing is left of a value after {DecayPlan.MostHalfLives} half-lives; expected a window of at most {most}.");
            return null;
        }

        if (field is not null && !IsBounded(field))
        {
            var most = DecayPlan.Most / (decimal)FixedPoint.Power(field.Scale);
            faults.Add(
                reader.Map, FormattableString.Invariant($"Weighed sums are exact up to a size, and '{field.Name}' may be of any; give it a 'min' and a 'max' within {most} either way."));
            return null;
        }

        return (halfLife, window ?? Math.Min(UsualHalfLives * halfLife, Durations.Longest));
    }

    private static bool IsBounded(FieldPlan field)
    {
        if (field.Type == FieldType.Boolean || field.Since is not null)
        {
            return field.Since is not { WithinMilliseconds: > DecayPlan.Most };
        }

        var most = DecayPlan.Most / (decimal)FixedPoint.Power(field.Scale);
        return field.Min >= -most && field.Max <= most;
    }
}
