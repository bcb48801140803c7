namespace Grid;

/// <summary>A mistake in an input: the field, what was found, and what is expected.</summary>
/// <param name="Field">The field's name, such as <c>amount</c>; empty if the error concerns the input as a whole.</param>
/// <param name="Found">What was found, in a few words, truncated to a safe length.</param>
/// <param name="Expected">What is expected, such as <c>a decimal number with at most 2 places, from 0 to 1000000</c>.</param>
public sealed record ValidationError(string Field, string Found, string Expected)
{
    public override string ToString() =>
        Field.Length == 0 ? $"Expected {Expected}, found {Found}." : $"Field '{Field}': expected {Expected}, found {Found}.";
}
