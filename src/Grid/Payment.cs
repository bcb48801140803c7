namespace Grid;

/// <summary>A payment by card that wants an answer.</summary>
/// <param name="TransactionId">Names the payment for ever; sending it again gets the first answer again.</param>
/// <param name="At">When it happened; null is when the grid receives it.</param>
/// <param name="Terminal">The key of the terminal where it happens.</param>
/// <param name="Amount">In the currency of the card, with at most two decimal places, not negative.</param>
public sealed record Payment(string TransactionId, EventTime? At, string Terminal, decimal Amount);
