using Grid.Features.Plans;

namespace Grid.Features.Expressions;

/// <summary>What an expression evaluates to.</summary>
internal enum ExpressionType : byte
{
    None = 0,
    Number = 1,
    Boolean = 2,
    Text = 3,
}

/// <summary>Evaluates a compiled expression. The row may be null where the expression names no field.</summary>
internal delegate Value EvaluateExpression(EventRow? row, Value[] inputs);

/// <summary>
/// An expression after compilation: types are checked, names are slots of a row or places in an array of inputs, and evaluating allocates
/// nothing. Missing values: arithmetic with one is missing, a comparison with one is false, <c>coalesce</c> takes the first that is there.
/// </summary>
internal sealed class CompiledExpression(string text, ExpressionType type, EvaluateExpression evaluate, bool isInteger = false)
{
    /// <summary>The expression as it was written.</summary>
    public string Text { get; } = text;

    public ExpressionType Type { get; } = type;

    /// <summary>Whether it is a number made of integers alone, and therefore an integer of 64 bits.</summary>
    public bool IsInteger { get; } = isInteger;

    /// <summary>The value; a boolean is 1 or 0.</summary>
    public Value Evaluate(EventRow? row, Value[] inputs) => evaluate(row, inputs);

    /// <summary>The truth of a boolean expression.</summary>
    public bool IsTrue(EventRow? row, Value[] inputs) => evaluate(row, inputs).Number == 1;
}
