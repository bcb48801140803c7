namespace Grid;

/// <summary>What is wrong with an input: where, what was found, and what is expected.</summary>
/// <param name="Field">The field's name, such as <c>amount</c>; empty where the input as a whole is meant.</param>
/// <param name="Found">What was there, in a few words, cut to a safe length.</param>
/// <param name="Expected">What is expected, such as <c>a decimal number with at most 2 places, from 0 to 1000000</c>.</param>
public sealed record ValidationError(string Field, string Found, string Expected)
{
    public override string ToString() =>
        Field.Length == 0 ? $"Expected {Expected}, found {Found}." : $"Field '{Field}': expected {Expected}, found {Found}.";
}
