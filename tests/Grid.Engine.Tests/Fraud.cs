using Grid.Decisions.Definitions;
using Grid.Decisions.Plans;
using Grid.Models;

namespace Grid.Engine.Tests;

/// <summary>The bundle that ships, its models loaded once for all tests, and its events in short.</summary>
internal static class Fraud
{
    public const long Start = 1_530_000_000_000;

    private static readonly Lazy<Bundle> TheBundle = new(() => BundleReader.Read(Repository.Bundle("fraud")));

    public static Bundle Bundle => TheBundle.Value;

    public static ModelCatalog Models { get; } = new();

    /// <param name="folder">Its data folder.</param>
    /// <param name="configure">Sets what differs from the usual.</param>
    /// <param name="time">Its clock; null is one that stands still, so that the grid does nothing by itself.</param>
    /// <param name="log">Where log lines go.</param>
    public static EmbeddedGrid Open(
        TestFolder folder, Action<EngineOptions>? configure = null, TimeProvider? time = null, SignalLog? log = null) =>
        EmbeddedGrid.Open(Bundle, folder.Options(configure), time ?? new SteppedTime(), Models, log: log);

    public static EventTime At(long seconds) => EventTime.FromUnixMilliseconds(Start + (seconds * 1000));

    public static Event Payment(string id, string card, string terminal, long seconds, decimal amount = 12.50m) => new("transaction")
    {
        ["transaction_id"] = id,
        ["at"] = At(seconds),
        ["card"] = card,
        ["terminal"] = terminal,
        ["amount"] = amount,
    };

    public static Event Report(string id, long seconds, bool isFraud = true) => new("fraud_report")
    {
        ["transaction_id"] = id,
        ["at"] = At(seconds),
        ["is_fraud"] = isFraud,
    };

    public static async Task<double> ReadAsync(IGrid grid, string kind, string key, string feature, long seconds) =>
        (await grid.ReadFeaturesAsync(new(kind, key), At(seconds), default))[feature].Value;

    /// <summary>Everything the grid says of these entities at these moments, as text that is equal only if every bit is.</summary>
    public static async Task<string> PortraitAsync(IGrid grid, IEnumerable<EntityId> entities, params long[] seconds)
    {
        var lines = new List<string>();
        foreach (var entity in entities)
        {
            foreach (var moment in seconds)
            {
                var features = await grid.ReadFeaturesAsync(entity, At(moment), default);
                lines.Add($"{entity} {moment}: " + string.Join(" ", features.Features.Select(one =>
                    $"{one.Name}={BitConverter.DoubleToInt64Bits(one.Value):x}/{one.AgeMilliseconds}/{one.Approximate}")));
            }
        }

        return string.Join("\n", lines);
    }
}
