using System.Globalization;

namespace Grid.Features.Tests;

/// <summary>The specification of expressions: walks the tree each time. Slow on purpose, obvious on purpose. Null is missing.</summary>
internal sealed class PlainExpression(EventRow row, Value[] inputs)
{
    public Value Evaluate(ExpressionNode node) => Walk(node) switch
    {
        double number => Value.Of(number),
        bool truth => Value.Of(truth ? 1 : 0),
        string text => Value.Of(text),
        _ => Value.Missing,
    };

    /// <summary>The tree as text, with a parenthesis around everything that has parts.</summary>
    public static string Print(ExpressionNode node) => node switch
    {
        NumberNode number => number.Value.ToString("R", CultureInfo.InvariantCulture),
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
        NumberNode number => number.Value,
        TextNode text => text.Value,
        BooleanNode boolean => boolean.Value,
        NameNode name => Named(name.Name),
        UnaryNode { Sign: "not" } not => Walk(not.Operand) is not true,
        UnaryNode minus => Walk(minus.Operand) is double x ? -x : null,
        BinaryNode { Sign: "and" } both => Walk(both.Left) is true && Walk(both.Right) is true,
        BinaryNode { Sign: "or" } either => Walk(either.Left) is true || Walk(either.Right) is true,
        BinaryNode binary => Binary(binary.Sign, Walk(binary.Left), Walk(binary.Right)),
        InNode choice => Walk(choice.Operand) is { } operand && choice.Choices.Any(one => operand.Equals(Walk(one)) || (operand is double d && Walk(one) is double e && d == e)),
        CallNode { Function: "if" } call => Walk(call.Arguments[0]) is true ? Walk(call.Arguments[1]) : Walk(call.Arguments[2]),
        CallNode { Function: "coalesce" } call => call.Arguments.Select(Walk).FirstOrDefault(value => value is not null),
        CallNode call => Call(call.Function, [.. call.Arguments.Select(Walk)]),
        _ => throw new InvalidOperationException(node.GetType().Name),
    };

    private object? Named(string name)
    {
        var value = TestScope.Read(name, row, inputs);
        return value.IsMissing ? null
            : value.Text is { } text ? text
            : name is "online" or "is_night" ? value.Number == 1
            : value.Number;
    }

    private static object? Binary(string sign, object? left, object? right)
    {
        if (sign is "+" or "-" or "*" or "/" or "%")
        {
            return left is double x && right is double y
                ? Number(sign switch { "+" => x + y, "-" => x - y, "*" => x * y, "/" => x / y, _ => x % y })
                : null;
        }

        if (left is null || right is null)
        {
            return false;
        }

        var order = left is string a ? string.CompareOrdinal(a, (string)right) : left is bool p ? p.CompareTo((bool)right) : ((double)left).CompareTo((double)right);
        return sign switch { "=" => order == 0, "!=" => order != 0, "<" => order < 0, "<=" => order <= 0, ">" => order > 0, _ => order >= 0 };
    }

    private static double? Call(string function, object?[] arguments)
    {
        if (arguments.Any(argument => argument is null))
        {
            return null;
        }

        var x = (double)arguments[0]!;
        return function switch
        {
            "abs" => Math.Abs(x),
            "min" => arguments.Cast<double>().Aggregate(Math.Min),
            "max" => arguments.Cast<double>().Aggregate(Math.Max),
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
