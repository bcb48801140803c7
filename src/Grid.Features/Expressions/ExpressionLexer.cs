using System.Text;

namespace Grid.Features.Expressions;

/// <summary>Splits an expression into tokens.</summary>
internal ref struct ExpressionLexer(string text)
{
    private const string LongestFirst = "== != <= >= = < > + - * / % ( ) ,";
    private static readonly string[] Signs = LongestFirst.Split(' ');
    private int _at;

    /// <summary>Reads the next token; false with a diagnostic if the text is invalid.</summary>
    public bool TryNext(out ExpressionToken token, out ExpressionDiagnostic? fault)
    {
        fault = null;
        while (_at < text.Length && char.IsWhiteSpace(text[_at]))
        {
            _at++;
        }

        if (_at == text.Length)
        {
            token = new(TokenKind.End, _at, "");
            return true;
        }

        return text[_at] switch
        {
            >= '0' and <= '9' => TryNumber(out token, out fault),
            '.' when IsDigit(_at + 1) => TryNumber(out token, out fault),
            '\'' or '"' => TryText(out token, out fault),
            var c when IsWordStart(c) => TryWord(out token, out fault),
            _ => TrySign(out token, out fault),
        };
    }

    private bool TryNumber(out ExpressionToken token, out ExpressionDiagnostic? fault)
    {
        var start = _at;
        SkipDigits();
        if (_at < text.Length && text[_at] == '.' && IsDigit(_at + 1))
        {
            _at++;
            SkipDigits();
        }

        if (_at < text.Length && text[_at] is 'e' or 'E')
        {
            var digits = _at + 1 < text.Length && text[_at + 1] is '+' or '-' ? _at + 2 : _at + 1;
            if (IsDigit(digits))
            {
                _at = digits;
                SkipDigits();
            }
        }

        token = new(TokenKind.Number, start, text[start.._at]);
        fault = _at < text.Length && (IsWordStart(text[_at]) || text[_at] == '.')
            ? new(start, $"Found '{text[start..Math.Min(text.Length, _at + 8)]}'; expected a number such as 12, 0.5 or 1e-3, with nothing attached to it.")
            : null;
        return fault is null;
    }

    private bool TryText(out ExpressionToken token, out ExpressionDiagnostic? fault)
    {
        var (start, quote) = (_at, text[_at]);
        var says = new StringBuilder();
        for (_at++; _at < text.Length; _at++)
        {
            if (text[_at] != quote)
            {
                says.Append(text[_at]);
            }
            else if (_at + 1 < text.Length && text[_at + 1] == quote)
            {
                says.Append(text[_at++]);
            }
            else
            {
                _at++;
                token = new(TokenKind.Text, start, says.ToString());
                fault = null;
                return true;
            }
        }

        token = default;
        fault = new(start, $"The text that begins here has no closing {quote}; a quote inside a text is written twice.");
        return false;
    }

    private bool TryWord(out ExpressionToken token, out ExpressionDiagnostic? fault)
    {
        var start = _at;
        while (_at < text.Length && (IsWordStart(text[_at]) || IsDigit(_at) || (text[_at] == '.' && _at + 1 < text.Length && IsWordStart(text[_at + 1]))))
        {
            _at++;
        }

        token = new(TokenKind.Word, start, text[start.._at]);
        fault = null;
        return true;
    }

    private bool TrySign(out ExpressionToken token, out ExpressionDiagnostic? fault)
    {
        foreach (var sign in Signs)
        {
            if (string.CompareOrdinal(text, _at, sign, 0, sign.Length) == 0)
            {
                token = new(TokenKind.Sign, _at, sign);
                _at += sign.Length;
                fault = null;
                return true;
            }
        }

        var instead = text[_at] switch
        {
            '&' => "expected 'and'",
            '|' => "expected 'or'",
            '!' => "expected 'not', or '!=' between two values",
            '^' => "expected a product such as x * x",
            _ => "expected a name, a number, 'text', or one of the signs + - * / % = != < <= > >= ( ) ,",
        };
        var found = Rune.TryGetRuneAt(text, _at, out var rune) && !Rune.IsControl(rune) ? $"'{rune}'" : $"the character U+{(int)text[_at]:X4}";
        token = default;
        fault = new(_at, $"Found {found}; {instead}.");
        return false;
    }

    private static bool IsWordStart(char c) => char.IsAsciiLetter(c) || c == '_';

    private readonly bool IsDigit(int at) => at < text.Length && char.IsAsciiDigit(text[at]);

    private void SkipDigits()
    {
        while (IsDigit(_at))
        {
            _at++;
        }
    }
}
