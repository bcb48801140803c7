namespace Grid.Orleans.Tests;

/// <summary>Payments of one moment at one terminal, and what is read of them.</summary>
internal static class Payments
{
    public static readonly EventTime Noon = EventTime.FromUnixMilliseconds(1_530_000_000_000);
    private static readonly EventTime Later = EventTime.FromUnixMilliseconds(Noon.UnixMilliseconds + (8 * 86_400_000L));

    public static Event Of(string id) => new("transaction")
    {
        ["transaction_id"] = id,
        ["at"] = Noon,
        ["card"] = "4242",
        ["terminal"] = "t-9",
        ["amount"] = 20,
    };

    public static Event Report(string id) => new("fraud_report") { ["transaction_id"] = id, ["at"] = Noon, ["is_fraud"] = true };

    public static ValueTask<Decision> AuthorizeAsync(this IGrid grid, string id) => grid.DecideAsync("authorize", Of(id), default);

    public static async Task<double> CardAsync(this IGrid grid, string feature) =>
        (await grid.ReadFeaturesAsync(new("card", "4242"), Noon, default))[feature].Value;

    public static async Task<double> TerminalAsync(this IGrid grid, string feature) =>
        (await grid.ReadFeaturesAsync(new("terminal", "t-9"), Later, default))[feature].Value;
}
