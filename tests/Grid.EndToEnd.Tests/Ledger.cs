using System.Globalization;

namespace Grid.EndToEnd.Tests;

/// <summary>A payment that a caller sends, and what the caller knows of it.</summary>
internal sealed class Sent(int number, int card, int terminal, long cents, long at, bool asks)
{
    public string Id { get; } = string.Create(CultureInfo.InvariantCulture, $"k-{number}");

    public int Card { get; } = card;

    public int Terminal { get; } = terminal;

    public long Cents { get; } = cents;

    public long At { get; } = at;

    /// <summary>Whether it is sent as a request for a decision; otherwise as an event.</summary>
    public bool Asks { get; } = asks;

    /// <summary>Whether the grid said that it has it.</summary>
    public volatile bool Acknowledged;

    /// <summary>The id of the decision that was answered first.</summary>
    public volatile string? DecisionId;

    /// <summary>Whether it is to be reported as fraud, and whether the grid said that it has the report.</summary>
    public volatile bool Reported;

    public volatile bool ReportAcknowledged;

    public string Json => string.Create(CultureInfo.InvariantCulture,
        $$"""{"transaction_id":"{{Id}}","at":{{At}},"card":"{{Card}}","terminal":"{{Terminal}}","amount":{{Cents / 100m:F2}}}""");

    public string ReportJson => string.Create(CultureInfo.InvariantCulture, $$"""{"transaction_id":"{{Id}}","at":{{At + 1_000}},"is_fraud":true}""");
}
