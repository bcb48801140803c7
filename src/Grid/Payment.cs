namespace Grid;

/// <summary>A card payment to be decided.</summary>
/// <param name="TransactionId">The permanent id of the payment; sending it again returns the first decision again.</param>
/// <param name="At">The time of the payment; null is the time at which the grid receives it.</param>
/// <param name="Terminal">The key of the terminal.</param>
/// <param name="Amount">The amount in the currency of the card, with at most two decimal places, not negative.</param>
public sealed record Payment(string TransactionId, EventTime? At, string Terminal, decimal Amount)
{
    /// <summary>Converts the payment to the event that requests its decision.</summary>
    /// <param name="card">The key of the card that pays.</param>
    public Event ToEvent(string card) => new("transaction", 5)
    {
        ["transaction_id"] = TransactionId,
        ["at"] = At is { } at ? at : default(FieldValue),
        ["card"] = card,
        ["terminal"] = Terminal,
        ["amount"] = Amount,
    };
}
