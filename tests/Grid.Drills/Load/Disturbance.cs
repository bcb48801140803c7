using System.Globalization;

namespace Grid.Drills;

/// <summary>What the callers noticed of something that was done to the cluster.</summary>
/// <param name="Calls">Calls that were under way or began while it was looked at.</param>
/// <param name="Disturbed">Of these, the calls of which the cluster failed an attempt.</param>
/// <param name="AtDoor">Of these, the calls that met only the closed door of a silo that was gone, and went to another.</param>
/// <param name="MostAttempts">The most attempts that one call needed.</param>
/// <param name="MostFailed">The most attempts of one call that the cluster failed; a closed door is none.</param>
/// <param name="Back">From the deed to the answer of the last call that had been under way, or that the cluster failed an attempt of.</param>
/// <param name="Slowest">The longest that a call took, its retries included.</param>
/// <param name="Errors">The failed attempts by what they said, the most frequent first.</param>
internal sealed record Disturbance(int Calls, int Disturbed, int AtDoor, int MostAttempts, int MostFailed, TimeSpan Back, TimeSpan Slowest, IReadOnlyList<string> Errors)
{
    public static Disturbance Of(CallLog log, long from, long to)
    {
        var calls = log.Between(from, to);
        var failed = calls.Where(call => call.Failures.Count > 0).ToArray();
        var disturbed = failed.Count(call => call.IsDisturbed);
        var last = calls.Where(call => call.IsDisturbed || call.Started < from).Select(call => call.Ended).DefaultIfEmpty(from).Max();
        var errors = failed.SelectMany(call => call.Failures)
            .GroupBy(failure => $"{failure.Error}: {Short(failure.Message)}")
            .OrderByDescending(group => group.Count())
            .Select(group => string.Create(CultureInfo.InvariantCulture, $"{group.Count()} x {group.Key}"));
        return new(
            calls.Count,
            disturbed,
            failed.Length - disturbed,
            calls.Select(call => call.Failures.Count + 1).DefaultIfEmpty(0).Max(),
            calls.Select(call => call.Failures.Count(failure => !failure.IsDoor)).DefaultIfEmpty(0).Max(),
            TimeProvider.System.GetElapsedTime(from, last),
            calls.Select(call => TimeProvider.System.GetElapsedTime(call.Started, call.Ended)).DefaultIfEmpty(TimeSpan.Zero).Max(),
            [.. errors]);
    }

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Calls} calls, {Disturbed} disturbed and {AtDoor} at a closed door, at most {MostAttempts} attempts, back after {Back.TotalSeconds:0.00} s, slowest call {Slowest.TotalSeconds:0.00} s");

    // Ids, keys and addresses differ from call to call; what is said of them does not.
    private static string Short(string message) => new([.. message.ReplaceLineEndings(" ").Select(c => char.IsDigit(c) ? '#' : c).Take(110)]);
}
