using System.Linq.Expressions;
using Grid.Features.Naming;
using Grid.Features.Plans;

namespace Grid.Features.Expressions;

/// <summary>
/// Type-checks a parsed expression and generates its code, in one pass. A number is a double and a string is a string. A boolean is a bool
/// if it cannot be missing, and a double (1, 0, or NaN for missing) if it can: a field, an input, coalesce and if. A number that may be an
/// integer beyond ±2^53, which a double would round, is a <see cref="Value"/>.
/// </summary>
internal sealed class ExpressionEmitter(IExpressionScope scope)
{
    private readonly ParameterExpression _row = Expression.Parameter(typeof(EventRow), "row");
    private readonly ParameterExpression _inputs = Expression.Parameter(typeof(Value[]), "inputs");
    private ExpressionDiagnostic? _fault;

    /// <summary>Compiles a tree; null and the first diagnostic if it is invalid.</summary>
    public CompiledExpression? Compile(string text, ExpressionNode root, out ExpressionDiagnostic? fault)
    {
        var emitted = Emit(root);
        fault = _fault;
        if (emitted is not { } whole)
        {
            return null;
        }

        return new(text, whole.Type, Expression.Lambda<EvaluateExpression>(AsValue(whole), _row, _inputs).Compile(), whole.IsInteger);
    }

    // Arithmetic on integers returns integers; IsInteger is the static type, whatever the representation in code.
    private readonly record struct Emitted(ExpressionType Type, Expression Code, FieldPlan? Field = null, bool IsInteger = false)
    {
        public bool IsValue => Code.Type == typeof(Value);
    }

    private Emitted? Emit(ExpressionNode node) => node switch
    {
        NumberNode number => new(
            ExpressionType.Number,
            number.Value.Large is null ? Expression.Constant(number.Value.Number) : Expression.Constant(number.Value),
            IsInteger: number.IsInteger),
        TextNode text => new(ExpressionType.Text, Expression.Constant(text.Value)),
        BooleanNode boolean => new(ExpressionType.Boolean, Expression.Constant(boolean.Value)),
        NameNode name => Name(name),
        UnaryNode { Sign: "not" } not => Take(not.Operand, ExpressionType.Boolean, "'not'") is { } operand
            ? new(ExpressionType.Boolean, Expression.Not(Condition(operand))) : null,
        UnaryNode minus => Take(minus.Operand, ExpressionType.Number, "'-'") is { } operand ? Negative(operand) : null,
        BinaryNode { Sign: "and" or "or" } junction => Junction(junction),
        BinaryNode { Sign: "=" or "!=" or "<" or "<=" or ">" or ">=" } comparison => Comparison(comparison),
        BinaryNode arithmetic => Arithmetic(arithmetic),
        InNode choice => In(choice),
        CallNode { Function: "if" } call => If(call),
        CallNode { Function: "coalesce" } call => Coalesce(call),
        CallNode call => Call(call),
        _ => throw new ArgumentOutOfRangeException(nameof(node), node.GetType().Name, "A node of a kind that the parser does not make."),
    };

    private Emitted? Name(NameNode node)
    {
        if (!scope.TryResolve(node.Name, out var found))
        {
            var hint = ExpressionFunctions.Names.Contains(node.Name)
                ? $" '{node.Name}' is a function: write {Usage(node.Name)}."
                : NearNames.Hint(node.Name, scope.Names);
            return Fail(node.Column, $"There is no '{node.Name}' here.{hint}");
        }

        var index = Expression.Constant(found.Index);
        if (found is { Type: ExpressionType.Number, IsInteger: true })
        {
            var (from, takes) = found.Field is null ? (_inputs, typeof(Value[])) : (_row, typeof(EventRow));
            var read = Expression.Call(ExpressionFunctions.Method(nameof(ExpressionMath.IntegerOf), takes, typeof(int)), from, index);
            return new(found.Type, read, found.Field, IsInteger: true);
        }

        if (found.Field is not { } field)
        {
            var (method, type) = found.Type == ExpressionType.Text ? (nameof(ExpressionMath.TextOf), typeof(string)) : (nameof(ExpressionMath.NumberOf), typeof(double));
            return new(found.Type, Expression.Call(ExpressionFunctions.Method(method, typeof(Value[]), typeof(int)), _inputs, index));
        }

        return new(found.Type, field.Type switch
        {
            FieldType.String => Expression.Call(ExpressionFunctions.Method(nameof(ExpressionMath.TextOf), typeof(EventRow), typeof(int)), _row, index),
            FieldType.Number => Expression.Call(ExpressionFunctions.Method(nameof(ExpressionMath.NumberOf), typeof(EventRow), typeof(int)), _row, index),
            FieldType.Decimal => Expression.Call(
                ExpressionFunctions.Method(nameof(ExpressionMath.FixedOf), typeof(EventRow), typeof(int), typeof(double)),
                _row, index, Expression.Constant((double)FixedPoint.Power(field.Scale))),
            _ => Expression.Call(ExpressionFunctions.Method(nameof(ExpressionMath.WholeOf), typeof(EventRow), typeof(int)), _row, index),
        }, field);
    }

    private Emitted? Junction(BinaryNode node)
    {
        var by = $"'{node.Sign}'";
        if (Take(node.Left, ExpressionType.Boolean, by) is not { } left || Take(node.Right, ExpressionType.Boolean, by) is not { } right)
        {
            return null;
        }

        return new(ExpressionType.Boolean, node.Sign == "and"
            ? Expression.AndAlso(Condition(left), Condition(right))
            : Expression.OrElse(Condition(left), Condition(right)));
    }

    private Emitted? Arithmetic(BinaryNode node)
    {
        var by = $"'{node.Sign}'";
        if (Take(node.Left, ExpressionType.Number, by) is not { } left || Take(node.Right, ExpressionType.Number, by) is not { } right)
        {
            return null;
        }

        if (left.IsInteger && right.IsInteger && node.Sign != "/")
        {
            return new(ExpressionType.Number, OnValues(IntegerMethods[node.Sign], left, right), IsInteger: true);
        }

        var (x, y) = (AsNumber(left), AsNumber(right));
        Expression code = node.Sign switch
        {
            "+" => Expression.Add(x, y),
            "-" => Expression.Subtract(x, y),
            "*" => Expression.Multiply(x, y),
            "/" => Expression.Divide(x, y),
            "%" => Expression.Modulo(x, y),
            _ => throw new ArgumentOutOfRangeException(nameof(node), node.Sign, "A sign that the parser does not make."),
        };
        return new(ExpressionType.Number, Expression.Call(ExpressionFunctions.Method(nameof(ExpressionMath.Finite), typeof(double)), code));
    }

    private static Emitted Negative(Emitted operand) => operand.IsInteger
        ? new(ExpressionType.Number, OnValues(nameof(ExpressionMath.Negate), operand), IsInteger: true)
        : new(ExpressionType.Number, Expression.Negate(AsNumber(operand)));

    private Emitted? Comparison(BinaryNode node)
    {
        if (Emit(node.Left) is not { } left || Emit(node.Right) is not { } right)
        {
            return null;
        }

        if (left.Type != right.Type)
        {
            return Fail(node.Column, $"'{node.Sign}' compares {NameOf(left.Type)} with {NameOf(right.Type)}; expected two values of one type.");
        }

        if (left.Type == ExpressionType.Boolean && node.Sign is not ("=" or "!="))
        {
            return Fail(node.Column, $"'{node.Sign}' does not compare booleans; expected = or !=.");
        }

        if (left.IsValue || right.IsValue)
        {
            return new(ExpressionType.Boolean, CompareValues(node.Sign, left, right));
        }

        // Both sides are stored in variables: each is used twice, because a missing side makes every comparison false.
        var (a, b) = left.Type == ExpressionType.Text
            ? (Expression.Variable(typeof(string)), Expression.Variable(typeof(string)))
            : (Expression.Variable(typeof(double)), Expression.Variable(typeof(double)));
        var (x, y) = left.Type == ExpressionType.Text ? (left.Code, right.Code) : (Boxless(left), Boxless(right));
        return new(ExpressionType.Boolean, Expression.Block(
            [a, b], Expression.Assign(a, x), Expression.Assign(b, y), left.Type == ExpressionType.Text ? CompareTexts(node.Sign, a, b) : CompareNumbers(node.Sign, a, b)));
    }

    private static MethodCallExpression CompareValues(string sign, Emitted left, Emitted right) => sign switch
    {
        "=" => OnValues(nameof(ExpressionMath.AreEqual), left, right),
        "!=" => OnValues(nameof(ExpressionMath.AreNotEqual), left, right),
        "<" => OnValues(nameof(ExpressionMath.IsLess), left, right),
        "<=" => OnValues(nameof(ExpressionMath.IsLessOrEqual), left, right),
        ">" => OnValues(nameof(ExpressionMath.IsLess), right, left),
        ">=" => OnValues(nameof(ExpressionMath.IsLessOrEqual), right, left),
        _ => throw new ArgumentOutOfRangeException(nameof(sign), sign, "A sign that the parser does not make."),
    };

    private static BinaryExpression CompareTexts(string sign, Expression a, Expression b)
    {
        var present = Expression.AndAlso(IsThere(a), IsThere(b));
        var order = Expression.Call(ExpressionFunctions.Method(nameof(ExpressionMath.Order), typeof(string), typeof(string)), a, b);
        return Expression.AndAlso(present, Compare(sign, order, Expression.Constant(0)));
    }

    private static BinaryExpression CompareNumbers(string sign, Expression a, Expression b) => sign == "!="
        ? Expression.OrElse(Expression.LessThan(a, b), Expression.GreaterThan(a, b)) // unlike a != b, false for NaN
        : Compare(sign, a, b);

    private static BinaryExpression Compare(string sign, Expression a, Expression b) => sign switch
    {
        "=" => Expression.Equal(a, b),
        "!=" => Expression.NotEqual(a, b),
        "<" => Expression.LessThan(a, b),
        "<=" => Expression.LessThanOrEqual(a, b),
        ">" => Expression.GreaterThan(a, b),
        ">=" => Expression.GreaterThanOrEqual(a, b),
        _ => throw new ArgumentOutOfRangeException(nameof(sign), sign, "A sign that the parser does not make."),
    };

    private Emitted? In(InNode node)
    {
        var type = node.Choices[0] is TextNode ? ExpressionType.Text : ExpressionType.Number;
        if (Take(node.Operand, type, type == ExpressionType.Text ? "'in' with a list of texts" : "'in' with a list of numbers") is not { } operand)
        {
            return null;
        }

        var numbers = node.Choices.OfType<NumberNode>().Select(choice => choice.Value).ToArray();
        object choices = type == ExpressionType.Text ? node.Choices.Cast<TextNode>().Select(choice => choice.Value).ToArray()
            : operand.IsValue || numbers.Any(number => number.Large is not null) ? numbers
            : numbers.Select(number => number.Number).ToArray();
        var value = (choices as Value[]) is not null ? AsValue(operand) : operand.Code;
        var method = ExpressionFunctions.Method(nameof(ExpressionMath.IsOneOf), value.Type, choices.GetType());
        return new(ExpressionType.Boolean, Expression.Call(method, value, Expression.Constant(choices)));
    }

    private Emitted? If(CallNode node)
    {
        if (!HasArguments(node, 3, 3) || Take(node.Arguments[0], ExpressionType.Boolean, "the condition of 'if'") is not { } condition
            || Branches(node, node.Arguments.Skip(1)) is not [var yes, var no])
        {
            return null;
        }

        var (left, right) = yes.Code.Type == no.Code.Type ? (yes.Code, no.Code)
            : yes.IsValue || no.IsValue ? (AsValue(yes), AsValue(no))
            : (Boxless(yes), Boxless(no));
        return new(yes.Type, Expression.Condition(Condition(condition), left, right), IsInteger: yes.IsInteger && no.IsInteger);
    }

    private Emitted? Coalesce(CallNode node)
    {
        if (!HasArguments(node, 2, ExpressionFunctions.MostArguments) || Branches(node, node.Arguments) is not { } choices)
        {
            return null;
        }

        Func<Emitted, Expression> form = choices.Exists(choice => choice.IsValue) ? AsValue : Boxless;
        var code = choices.Select(form).Reverse().Aggregate((rest, first) =>
        {
            var value = Expression.Variable(first.Type);
            return Expression.Block([value], Expression.Assign(value, first), Expression.Condition(IsThere(value), value, rest));
        });
        return new(choices[0].Type, code, IsInteger: choices.TrueForAll(choice => choice.IsInteger));
    }

    private List<Emitted>? Branches(CallNode node, IEnumerable<ExpressionNode> arguments)
    {
        List<Emitted> branches = [];
        foreach (var argument in arguments)
        {
            if (Emit(argument) is not { } branch)
            {
                return null;
            }

            if (branches.Count > 0 && branch.Type != branches[0].Type)
            {
                Fail(argument.Column, $"'{node.Function}' chooses between {NameOf(branches[0].Type)} and {NameOf(branch.Type)}; expected values of one type.");
                return null;
            }

            branches.Add(branch);
        }

        return branches;
    }

    private Emitted? Call(CallNode node)
    {
        if (!ExpressionFunctions.All.TryGetValue(node.Function, out var function))
        {
            return Fail(node.Column, $"There is no function '{node.Function}'.{NearNames.Hint(node.Function, ExpressionFunctions.Names)}");
        }

        if (!HasArguments(node, function.Least, function.Most))
        {
            return null;
        }

        var arguments = new Emitted[node.Arguments.Count];
        for (var i = 0; i < arguments.Length; i++)
        {
            if (Take(node.Arguments[i], ExpressionType.Number, $"'{node.Function}'") is not { } argument)
            {
                return null;
            }

            if (function.TakesMoment && argument.Field is { Type: not FieldType.Timestamp } field)
            {
                return Fail(node.Arguments[i].Column, $"'{field.Name}' is no moment in time; expected a field of type timestamp, as in {function.Usage}.");
            }

            arguments[i] = argument;
        }

        return OnIntegers(node.Function, arguments) ?? new(ExpressionType.Number, function.Call([.. arguments.Select(AsNumber)]));
    }

    // Functions that return integers for integers; null for other functions or arguments.
    private static Emitted? OnIntegers(string function, Emitted[] arguments)
    {
        var isInteger = Array.TrueForAll(arguments, argument => argument.IsInteger);
        return function switch
        {
            "floor" or "round" when isInteger => arguments[0] with { Field = null },
            "abs" when isInteger => new(ExpressionType.Number, OnValues(nameof(ExpressionMath.Abs), arguments[0]), IsInteger: true),
            "min" when Array.Exists(arguments, argument => argument.IsValue) => Fold(nameof(ExpressionMath.Min)),
            "max" when Array.Exists(arguments, argument => argument.IsValue) => Fold(nameof(ExpressionMath.Max)),
            "min" or "max" when isInteger => new(ExpressionType.Number, ExpressionFunctions.All[function].Call([.. arguments.Select(AsNumber)]), IsInteger: true),
            _ => null,
        };

        Emitted Fold(string pair) => arguments.Aggregate((left, right) => new(ExpressionType.Number, OnValues(pair, left, right))) with { IsInteger = isInteger };
    }

    private bool HasArguments(CallNode node, int least, int most)
    {
        if (node.Arguments.Count >= least && node.Arguments.Count <= most)
        {
            return true;
        }

        var limit = node.Arguments.Count > most && most == ExpressionFunctions.MostArguments ? $" with at most {most} arguments" : "";
        Fail(node.Column, $"'{node.Function}' was given {node.Arguments.Count} argument{(node.Arguments.Count == 1 ? "" : "s")}; expected {Usage(node.Function)}{limit}.");
        return false;
    }

    private static string Usage(string function) => function switch
    {
        "if" => "if(condition, a, b)",
        "coalesce" => "coalesce(a, b, ...)",
        _ => ExpressionFunctions.All[function].Usage,
    };

    private Emitted? Take(ExpressionNode node, ExpressionType wanted, string by)
    {
        if (Emit(node) is not { } emitted)
        {
            return null;
        }

        return emitted.Type == wanted
            ? emitted
            : Fail(node.Column, $"Found {NameOf(emitted.Type)}; {by} takes {NameOf(wanted)}.");
    }

    private static Expression Condition(Emitted boolean) =>
        boolean.Code.Type == typeof(bool) ? boolean.Code : Expression.Equal(boolean.Code, Expression.Constant(1.0));

    private static Expression Boxless(Emitted value) => value.Code.Type == typeof(bool)
        ? Expression.Condition(value.Code, Expression.Constant(1.0), Expression.Constant(0.0))
        : value.Code;

    private static readonly Dictionary<string, string> IntegerMethods = new(StringComparer.Ordinal)
    {
        ["+"] = nameof(ExpressionMath.Add),
        ["-"] = nameof(ExpressionMath.Subtract),
        ["*"] = nameof(ExpressionMath.Multiply),
        ["%"] = nameof(ExpressionMath.Remainder),
    };

    private static MethodCallExpression OnValues(string method, params Emitted[] operands) =>
        Expression.Call(ExpressionFunctions.Method(method, [.. operands.Select(_ => typeof(Value))]), operands.Select(AsValue));

    // As a double; an integer beyond ±2^53 is rounded to the nearest.
    private static Expression AsNumber(Emitted number) => number.IsValue
        ? Expression.Call(ExpressionFunctions.Method(nameof(ExpressionMath.ToNumber), typeof(Value)), number.Code)
        : number.Code;

    private static Expression AsValue(Emitted emitted)
    {
        var code = Boxless(emitted);
        return emitted.IsValue ? code : Expression.Call(ExpressionFunctions.Method(nameof(ExpressionMath.ToValue), code.Type), code);
    }

    private static Expression IsThere(Expression value) => value.Type == typeof(string)
        ? Expression.NotEqual(value, Expression.Constant(null, typeof(string)))
        : value.Type == typeof(Value) ? Expression.Call(ExpressionFunctions.Method(nameof(ExpressionMath.IsThere), typeof(Value)), value)
        : Expression.Equal(value, value); // only NaN differs from itself

    private static string NameOf(ExpressionType type) => type switch
    {
        ExpressionType.Number => "a number",
        ExpressionType.Boolean => "a boolean",
        ExpressionType.Text => "a text",
        _ => "nothing",
    };

    private Emitted? Fail(int column, string message)
    {
        _fault ??= new(column, message);
        return null;
    }
}
