using Grid.Features.Plans;

namespace Grid.Features.Expressions;

/// <summary>A node of a parsed expression, with its position.</summary>
internal abstract class ExpressionNode(int column)
{
    public int Column { get; } = column;

    /// <summary>The number of nodes on the longest path down, including this one.</summary>
    public int Depth { get; protected init; } = 1;

    protected static int Above(params IReadOnlyList<ExpressionNode> children) => 1 + children.Max(child => child.Depth);
}

internal sealed class NumberNode(int column, Value value, bool isInteger) : ExpressionNode(column)
{
    public NumberNode(int column, double value)
        : this(column, Plans.Value.Of(value), isInteger: false)
    {
    }

    public Value Value { get; } = value;

    /// <summary>Whether the literal has no decimal point or exponent and fits in 64 bits.</summary>
    public bool IsInteger { get; } = isInteger;
}

internal sealed class TextNode(int column, string value) : ExpressionNode(column)
{
    public string Value { get; } = value;
}

internal sealed class BooleanNode(int column, bool value) : ExpressionNode(column)
{
    public bool Value { get; } = value;
}

internal sealed class NameNode(int column, string name) : ExpressionNode(column)
{
    public string Name { get; } = name;
}

/// <summary><c>-x</c> or <c>not x</c>.</summary>
internal sealed class UnaryNode : ExpressionNode
{
    public UnaryNode(int column, string sign, ExpressionNode operand)
        : base(column) => (Sign, Operand, Depth) = (sign, operand, Above(operand));

    public string Sign { get; }

    public ExpressionNode Operand { get; }
}

/// <summary>A binary operator; the column is that of the operator. Equality is <c>=</c>.</summary>
internal sealed class BinaryNode : ExpressionNode
{
    public BinaryNode(int column, string sign, ExpressionNode left, ExpressionNode right)
        : base(column) => (Sign, Left, Right, Depth) = (sign, left, right, Above(left, right));

    public string Sign { get; }

    public ExpressionNode Left { get; }

    public ExpressionNode Right { get; }
}

internal sealed class CallNode : ExpressionNode
{
    public CallNode(int column, string function, IReadOnlyList<ExpressionNode> arguments)
        : base(column) => (Function, Arguments, Depth) = (function, arguments, arguments.Count == 0 ? 1 : Above(arguments));

    public string Function { get; }

    public IReadOnlyList<ExpressionNode> Arguments { get; }
}

/// <summary><c>x in (…)</c>: the choices are numbers or strings.</summary>
internal sealed class InNode : ExpressionNode
{
    public InNode(int column, ExpressionNode operand, IReadOnlyList<ExpressionNode> choices)
        : base(column) => (Operand, Choices, Depth) = (operand, choices, Above(operand));

    public ExpressionNode Operand { get; }

    public IReadOnlyList<ExpressionNode> Choices { get; }
}
