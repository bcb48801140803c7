namespace Grid;

/// <summary>A payment by card that wants an answer.</summary>
/// <param name="TransactionId">Names the payment for ever; sending it again gets the first answer again.</param>
/// <param name="At">When it happened; null is when the grid receives it.</param>
/// <param name="Terminal">The key of the terminal where it happens.</param>
/// <param name="Amount">In the currency of the card, with at most two decimal places, not negative.</param>
public sealed record Payment(string TransactionId, EventTime? At, string Terminal, decimal Amount)
{
    /// <summary>The payment as the event that asks for its decision.</summary>
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
