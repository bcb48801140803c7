using System.Globalization;

namespace Grid.Drills;

/// <summary>A payment that a caller sends, and what the caller knows of it. One caller sends it; others read it only after the load has ended.</summary>
internal sealed class Payment(int number, string card, string terminal, long cents, EventTime at, bool asks)
{
    public string Id { get; } = string.Create(CultureInfo.InvariantCulture, $"k-{number}");

    public string Card { get; } = card;

    public string Terminal { get; } = terminal;

    public long Cents { get; } = cents;

    public EventTime At { get; } = at;

    /// <summary>Whether it is sent as a request for a decision; otherwise as an event.</summary>
    public bool Asks { get; } = asks;

    /// <summary>Whether the grid said that it has it.</summary>
    public bool Acknowledged { get; set; }

    /// <summary>The decision that was answered first.</summary>
    public Decision? First { get; set; }

    /// <summary>Whether it was reported as fraud.</summary>
    public bool Reported { get; set; }

    /// <summary>Whether the grid said that it has the report.</summary>
    public bool ReportAcknowledged { get; set; }

    public Event ToEvent() => new("transaction", 5)
    {
        ["transaction_id"] = Id,
        ["at"] = At,
        ["card"] = Card,
        ["terminal"] = Terminal,
        ["amount"] = Cents / 100m,
    };

    public Event ToReport() => new("fraud_report", 3)
    {
        ["transaction_id"] = Id,
        ["at"] = EventTime.FromUnixMilliseconds(At.UnixMilliseconds + 1_000),
        ["is_fraud"] = true,
    };
}
