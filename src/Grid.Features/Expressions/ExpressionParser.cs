using System.Globalization;
using Grid.Features.Plans;

namespace Grid.Features.Expressions;

/// <summary>
/// Recursive-descent parser for expressions. Precedence from lowest to highest: or, and, not, one comparison (or in), + -, * / %, unary
/// minus. Every method returns null after the first diagnostic.
/// </summary>
internal ref struct ExpressionParser
{
    public const int MaxLength = 4096;
    public const int MaxDepth = 100;

    private static readonly string[] Words = ["and", "or", "not", "in", "true", "false"];
    private ExpressionLexer _lexer;
    private ExpressionToken _next;
    private ExpressionDiagnostic? _fault;
    private int _open;

    private ExpressionParser(string text) => _lexer = new(text);

    /// <summary>Parses an expression; null and the first diagnostic if it is invalid.</summary>
    public static ExpressionNode? Parse(string text, out ExpressionDiagnostic? fault)
    {
        if (text.Length > MaxLength)
        {
            fault = new(MaxLength, $"Expected at most {MaxLength} characters, found {text.Length}. Give parts of it names of their own.");
            return null;
        }

        var parser = new ExpressionParser(text);
        var root = parser.Whole();
        fault = parser._fault;
        return fault is null ? root : null;
    }

    private ExpressionNode? Whole()
    {
        Advance();
        var root = Or();
        if (_fault is null && _next.Kind != TokenKind.End)
        {
            Fail(_next.Column, _next.Says is "<" or "<=" or ">" or ">=" or "=" or "==" or "!="
                ? $"Found a second comparison {_next.Found}; join comparisons with 'and', as in a < b and b < c."
                : $"Expected an operator such as + or 'and' where the expression should end, found {_next.Found}.");
        }

        return root;
    }

    private ExpressionNode? Or() => Chain(static (ref parser) => parser.And(), "or");

    private ExpressionNode? And() => Chain(static (ref parser) => parser.Not(), "and");

    private ExpressionNode? Not()
    {
        if (!_next.Is("not"))
        {
            return Comparison();
        }

        var column = _next.Column;
        return Enter() && Advance() && Not() is { } operand && Leave() ? Checked(new UnaryNode(column, "not", operand)) : null;
    }

    private ExpressionNode? Comparison()
    {
        if (Sum() is not { } left)
        {
            return null;
        }

        var (column, sign) = (_next.Column, _next.Says);
        if (_next.Is("in"))
        {
            return Advance() && Choices() is { } choices ? Checked(new InNode(column, left, choices)) : null;
        }

        if (_next.Kind != TokenKind.Sign || sign is not ("=" or "==" or "!=" or "<" or "<=" or ">" or ">="))
        {
            return left;
        }

        return Advance() && Sum() is { } right ? Checked(new BinaryNode(column, sign == "==" ? "=" : sign, left, right)) : null;
    }

    private ExpressionNode? Sum() => Chain(static (ref parser) => parser.Product(), "+", "-");

    private ExpressionNode? Product() => Chain(static (ref parser) => parser.Signed(), "*", "/", "%");

    private ExpressionNode? Signed()
    {
        if (!_next.Is("-"))
        {
            return Primary();
        }

        var column = _next.Column;
        return Enter() && Advance() && Signed() is { } operand && Leave() ? Checked(new UnaryNode(column, "-", operand)) : null;
    }

    private ExpressionNode? Primary()
    {
        var token = _next;
        if (_fault is not null)
        {
            return null;
        }

        return token.Kind switch
        {
            TokenKind.Number => Number(token),
            TokenKind.Text => Advance() ? new TextNode(token.Column, token.Says) : null,
            TokenKind.Word => Word(token),
            TokenKind.Sign when token.Says == "(" => Parenthesis(token),
            _ => Fail(token.Column, $"Expected a name, a number, a 'text' or a parenthesis, found {token.Found}."),
        };
    }

    private ExpressionNode? Number(ExpressionToken token)
    {
        if (long.TryParse(token.Says, NumberStyles.None, CultureInfo.InvariantCulture, out var integer))
        {
            return Advance() ? new NumberNode(token.Column, Value.OfInteger(integer), isInteger: true) : null;
        }

        var value = double.Parse(token.Says, CultureInfo.InvariantCulture);
        return double.IsFinite(value)
            ? Advance() ? new NumberNode(token.Column, value) : null
            : Fail(token.Column, $"Expected a number up to 1.7e308, found {token.Found}, which is too large.");
    }

    private ExpressionNode? Word(ExpressionToken token)
    {
        if (token.Says is "true" or "false")
        {
            return Advance() ? new BooleanNode(token.Column, token.Says == "true") : null;
        }

        if (Words.Contains(token.Says))
        {
            return Fail(token.Column, $"Expected a name, a number, a 'text' or a parenthesis, found {token.Found}.");
        }

        if (!Advance())
        {
            return null;
        }

        if (!_next.Is("("))
        {
            return new NameNode(token.Column, token.Says);
        }

        return Enter() && Arguments() is { } arguments && Leave() ? Checked(new CallNode(token.Column, token.Says, arguments)) : null;
    }

    private ExpressionNode? Parenthesis(ExpressionToken opening)
    {
        return Enter() && Advance() && Or() is { } inner && Close(opening) && Leave() ? inner : null;
    }

    private List<ExpressionNode>? Arguments()
    {
        var opening = _next;
        List<ExpressionNode> arguments = [];
        if (!Advance())
        {
            return null;
        }

        if (_next.Is(")"))
        {
            return Advance() ? arguments : null;
        }

        while (Or() is { } argument)
        {
            arguments.Add(argument);
            if (!_next.Is(","))
            {
                return Close(opening) ? arguments : null;
            }

            if (!Advance())
            {
                return null;
            }
        }

        return null;
    }

    private List<ExpressionNode>? Choices()
    {
        if (!_next.Is("("))
        {
            Fail(_next.Column, $"Expected a list such as ('a', 'b'), found {_next.Found} after 'in'.");
            return null;
        }

        if (Arguments() is not { } choices)
        {
            return null;
        }

        if (choices.Count == 0)
        {
            Fail(_next.Column, "Expected at least one number or 'text', found an empty list after 'in'.");
            return null;
        }

        for (var i = 0; i < choices.Count; i++)
        {
            if (choices[i] is UnaryNode { Sign: "-", Operand: NumberNode number })
            {
                choices[i] = Negative(choices[i].Column, number);
            }
            else if (choices[i] is not (NumberNode or TextNode) || choices[i].GetType() != choices[0].GetType())
            {
                Fail(choices[i].Column, "The list after 'in' holds only numbers, or only texts, as in ('a', 'b').");
                return null;
            }
        }

        return choices;
    }

    // The least 64-bit integer has no positive counterpart, so the sign is part of the literal.
    private static NumberNode Negative(int column, NumberNode number) => number.IsInteger && number.Value.TryGetInteger(out var integer)
        ? new(column, Value.OfInteger(-integer), isInteger: true)
        : new(column, -number.Value.Number);

    private delegate ExpressionNode? Operand(ref ExpressionParser parser);

    private ExpressionNode? Chain(Operand operand, params ReadOnlySpan<string> signs)
    {
        var left = operand(ref this);
        while (left is not null && _fault is null && _next.Kind is TokenKind.Sign or TokenKind.Word && signs.Contains(_next.Says))
        {
            var (column, sign) = (_next.Column, _next.Says);
            left = Advance() && operand(ref this) is { } right ? Checked(new BinaryNode(column, sign, left, right)) : null;
        }

        return left;
    }

    private bool Close(ExpressionToken opening)
    {
        if (_next.Is(")"))
        {
            return Advance();
        }

        Fail(_next.Column, $"Expected a ')' for the '(' at column {opening.Column + 1}, found {_next.Found}.");
        return false;
    }

    private bool Advance()
    {
        if (_fault is null && !_lexer.TryNext(out _next, out var fault))
        {
            _fault = fault;
        }

        return _fault is null;
    }

    // Limits the nesting depth, so that text like "((((…" is rejected before it overflows the stack.
    private bool Enter()
    {
        if (_open++ < MaxDepth)
        {
            return true;
        }

        TooDeep(_next.Column);
        return false;
    }

    private bool Leave()
    {
        _open--;
        return true;
    }

    private ExpressionNode? Checked(ExpressionNode node) => node.Depth <= MaxDepth ? node : TooDeep(node.Column);

    private ExpressionNode? TooDeep(int column) =>
        Fail(column, $"The expression is nested deeper than {MaxDepth} here; give parts of it names of their own.");

    private ExpressionNode? Fail(int column, string message)
    {
        _fault ??= new(column, message);
        return null;
    }
}
