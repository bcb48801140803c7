using Grid.Features.Plans;

namespace Grid.Features.Expressions;

/// <summary>The type of an expression's value.</summary>
internal enum ExpressionType : byte
{
    None = 0,
    Number = 1,
    Boolean = 2,
    Text = 3,
}

/// <summary>Evaluates a compiled expression. The row may be null if the expression uses no field.</summary>
internal delegate Value EvaluateExpression(EventRow? row, Value[] inputs);

/// <summary>
/// A compiled expression: types are checked, names are resolved to slots of a row or indexes of an array of inputs. Evaluation allocates
/// nothing. Missing values: arithmetic with one is missing, a comparison with one is false, <c>coalesce</c> returns the first value that is
/// not missing.
/// </summary>
internal sealed class CompiledExpression(string text, ExpressionType type, EvaluateExpression evaluate, bool isInteger = false)
{
    /// <summary>The expression as it was written.</summary>
    public string Text { get; } = text;

    public ExpressionType Type { get; } = type;

    /// <summary>Whether the value is computed from integers only, and is therefore a 64-bit integer.</summary>
    public bool IsInteger { get; } = isInteger;

    /// <summary>Evaluates the expression; a boolean is 1 or 0.</summary>
    public Value Evaluate(EventRow? row, Value[] inputs) => evaluate(row, inputs);

    /// <summary>Evaluates a boolean expression.</summary>
    public bool IsTrue(EventRow? row, Value[] inputs) => evaluate(row, inputs).Number == 1;
}
