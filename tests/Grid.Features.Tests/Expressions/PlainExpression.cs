using System.Numerics;
using Grid.Features.Expressions;
using Grid.Features.Plans;

namespace Grid.Features.Tests.Expressions;

/// <summary>The specification of expressions: walks the tree each time. Slow on purpose, obvious on purpose. Null is missing. A
/// number is a double, or a BigInteger where it comes from integers.</summary>
internal sealed class PlainExpression(EventRow row, Value[] inputs)
{
    public Value Evaluate(ExpressionNode node) => Walk(node) switch
    {
        double number => Value.Of(number),
        BigInteger integer => Value.OfInteger((long)integer),
        bool truth => Value.Of(truth ? 1 : 0),
        string text => Value.Of(text),
        _ => Value.Missing,
    };

    /// <summary>The tree as text, with a parenthesis around everything that has parts.</summary>
    public static string Print(ExpressionNode node) => node switch
    {
        NumberNode number => number.Value.ToString(),
        TextNode text => $"'{text.Value.Replace("'", "''", StringComparison.Ordinal)}'",
        BooleanNode boolean => boolean.Value ? "true" : "false",
        NameNode name => name.Name,
        UnaryNode unary => $"({unary.Sign} {Print(unary.Operand)})",
        BinaryNode binary => $"({Print(binary.Left)} {binary.Sign} {Print(binary.Right)})",
        InNode choice => $"({Print(choice.Operand)} in ({string.Join(", ", choice.Choices.Select(Print))}))",
        CallNode call => $"{call.Function}({string.Join(", ", call.Arguments.Select(Print))})",
        _ => throw new InvalidOperationException(node.GetType().Name),
    };

    /// <summary>The tree as text, with only the parentheses that it needs.</summary>
    public static string PrintBriefly(ExpressionNode node, int tightness = 0)
    {
        var (own, text) = node switch
        {
            UnaryNode { Sign: "not" } not => (3, $"not {PrintBriefly(not.Operand, 3)}"),
            UnaryNode minus => (7, $"-{PrintBriefly(minus.Operand, 7)}"),
            BinaryNode binary => Brief(binary),
            InNode choice => (4, $"{PrintBriefly(choice.Operand, 5)} in ({string.Join(",", choice.Choices.Select(Print))})"),
            CallNode call => (9, $"{call.Function}({string.Join(",", call.Arguments.Select(argument => PrintBriefly(argument)))})"),
            _ => (9, Print(node)),
        };
        return own < tightness ? $"({text})" : text;

        static (int, string) Brief(BinaryNode binary)
        {
            var own = binary.Sign switch { "or" => 1, "and" => 2, "+" or "-" => 5, "*" or "/" or "%" => 6, _ => 4 };
            var left = PrintBriefly(binary.Left, own == 4 ? 5 : own);
            return (own, $"{left} {binary.Sign} {PrintBriefly(binary.Right, own + 1)}");
        }
    }

    private object? Walk(ExpressionNode node) => node switch
    {
        NumberNode number => NumberOf(number.Value, number.IsInteger),
        TextNode text => text.Value,
        BooleanNode boolean => boolean.Value,
        NameNode name => Named(name.Name),
        UnaryNode { Sign: "not" } not => Walk(not.Operand) is not true,
        UnaryNode minus => IsInteger(minus.Operand) ? Fitting(-(Walk(minus.Operand) as BigInteger?)) : Walk(minus.Operand) is { } x ? -Rounded(x) : null,
        BinaryNode { Sign: "and" } both => Walk(both.Left) is true && Walk(both.Right) is true,
        BinaryNode { Sign: "or" } either => Walk(either.Left) is true || Walk(either.Right) is true,
        BinaryNode { Sign: "+" or "-" or "*" or "%" } exact when IsInteger(exact) => Exact(exact.Sign, Walk(exact.Left) as BigInteger?, Walk(exact.Right) as BigInteger?),
        BinaryNode binary => Binary(binary.Sign, Walk(binary.Left), Walk(binary.Right)),
        InNode choice => Walk(choice.Operand) is { } operand && choice.Choices.Any(one => operand is string ? operand.Equals(Walk(one)) : Order(operand, Walk(one)!) == 0),
        CallNode { Function: "if" } call => Walk(call.Arguments[0]) is true ? Walk(call.Arguments[1]) : Walk(call.Arguments[2]),
        CallNode { Function: "coalesce" } call => call.Arguments.Select(Walk).FirstOrDefault(value => value is not null),
        CallNode { Function: "abs" } call when IsInteger(call) => Walk(call.Arguments[0]) is BigInteger x ? Fitting(BigInteger.Abs(x)) : null,
        CallNode { Function: "floor" or "round" } call when IsInteger(call) => Walk(call.Arguments[0]),
        CallNode { Function: "min" or "max" } call => Extreme(call.Function, [.. call.Arguments.Select(Walk)]),
        CallNode call => Call(call.Function, [.. call.Arguments.Select(Walk)]),
        _ => throw new InvalidOperationException(node.GetType().Name),
    };

    private object? Named(string name)
    {
        var value = TestScope.Read(name, row, inputs);
        return value.IsMissing ? null
            : value.Text is { } text ? text
            : name is "online" or "is_night" ? value.Number == 1
            : NumberOf(value, TestScope.IsInteger(name));
    }

    // What is known of an expression without its values: whether it is made of integers alone.
    private static bool IsInteger(ExpressionNode node) => node switch
    {
        NumberNode number => number.IsInteger,
        NameNode name => TestScope.IsInteger(name.Name),
        UnaryNode { Sign: "-" } minus => IsInteger(minus.Operand),
        BinaryNode { Sign: "+" or "-" or "*" or "%" } binary => IsInteger(binary.Left) && IsInteger(binary.Right),
        CallNode { Function: "if" } call => call.Arguments.Skip(1).All(IsInteger),
        CallNode { Function: "coalesce" or "abs" or "min" or "max" or "floor" or "round" } call => call.Arguments.All(IsInteger),
        _ => false,
    };

    private static object NumberOf(Value value, bool isInteger) =>
        value.Large is { } large ? (BigInteger)large : isInteger ? (BigInteger)value.Number : value.Number;

    private static double Rounded(object number) => number is BigInteger integer ? (long)integer : (double)number;

    private static BigInteger? Fitting(BigInteger? integer) => integer >= long.MinValue && integer <= long.MaxValue ? integer : null;

    private static BigInteger? Exact(string sign, BigInteger? left, BigInteger? right) => Fitting(sign switch
    {
        "+" => left + right,
        "-" => left - right,
        "*" => left * right,
        _ => right == 0 ? null : left % right,
    });

    private static object? Extreme(string function, object?[] arguments) => arguments.Contains(null) ? null
        : arguments.Aggregate((left, right) => function == "min"
            ? left is double a && right is double b ? Math.Min(a, b) : Order(left!, right!) <= 0 ? left : right
            : left is double c && right is double d ? Math.Max(c, d) : Order(left!, right!) >= 0 ? left : right);

    // The exact order of two values of one type; a double that is no whole number lies between two integers.
    private static int Order(object left, object right) => (left, right) switch
    {
        (string a, string b) => string.CompareOrdinal(a, b),
        (bool a, bool b) => a.CompareTo(b),
        (BigInteger a, BigInteger b) => a.CompareTo(b),
        (BigInteger a, double b) => a <= new BigInteger(Math.Floor(b)) ? (a == new BigInteger(b) && b == Math.Floor(b) ? 0 : -1) : 1,
        (double a, BigInteger b) => -Order(b, a),
        _ => ((double)left).CompareTo((double)right),
    };

    private static object? Binary(string sign, object? left, object? right)
    {
        if (sign is "+" or "-" or "*" or "/" or "%")
        {
            return left is not null && right is not null && (Rounded(left), Rounded(right)) is var (x, y)
                ? Number(sign switch { "+" => x + y, "-" => x - y, "*" => x * y, "/" => x / y, _ => x % y })
                : null;
        }

        if (left is null || right is null)
        {
            return false;
        }

        var order = Order(left, right);
        return sign switch { "=" => order == 0, "!=" => order != 0, "<" => order < 0, "<=" => order <= 0, ">" => order > 0, _ => order >= 0 };
    }

    private static double? Call(string function, object?[] arguments)
    {
        if (arguments.Any(argument => argument is null))
        {
            return null;
        }

        var x = Rounded(arguments[0]!);
        return function switch
        {
            "abs" => Math.Abs(x),
            "exp" => Number(Math.Exp(x)),
            "log1p" => Number(ExpressionMath.Log1P(x)),
            "sqrt" => Number(Math.Sqrt(x)),
            "floor" => Math.Floor(x),
            "round" => x < 0 ? Number(-Halves(-x)) : Number(Halves(x)),
            "hour" => Number(Math.Floor(x / 3_600_000) - (Math.Floor(Math.Floor(x / 3_600_000) / 24) * 24)),
            _ => throw new InvalidOperationException(function),
        };

        static double Halves(double positive) => positive - Math.Floor(positive) >= 0.5 ? Math.Floor(positive) + 1 : Math.Floor(positive);
    }

    private static double? Number(double value) => double.IsFinite(value) ? value : null;
}
