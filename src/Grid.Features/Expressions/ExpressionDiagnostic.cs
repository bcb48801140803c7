namespace Grid.Features.Expressions;

/// <summary>Why an expression was rejected.</summary>
/// <param name="Column">Position in the text, counted from 0.</param>
/// <param name="Message">What was found and what is expected.</param>
internal sealed record ExpressionDiagnostic(int Column, string Message)
{
    public override string ToString() => $"column {Column + 1}: {Message}";
}
