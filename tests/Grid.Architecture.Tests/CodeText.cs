using System.Text;

namespace Grid.Architecture.Tests;

/// <summary>
/// C# without what is not code: comments, and the text of literals; what stands in the holes of interpolated strings is code. Lines stay
/// where they are.
/// </summary>
internal sealed class CodeText
{
    private readonly string _source;
    private readonly StringBuilder _code = new();
    private int _at;

    private CodeText(string source) => _source = source;

    public static string Of(string source)
    {
        var text = new CodeText(source);
        text.CopyCode(inHole: false);
        return text._code.ToString();
    }

    private bool Has(string mark) => _source.AsSpan(_at).StartsWith(mark, StringComparison.Ordinal);

    /// <summary>Copies code: to the end, or to the brace that ends a hole.</summary>
    private void CopyCode(bool inHole)
    {
        for (var depth = 0; _at < _source.Length;)
        {
            if (!TrySkip())
            {
                var one = _source[_at];
                depth += one == '{' ? 1 : one == '}' ? -1 : 0;
                if (inHole && depth < 0)
                {
                    return;
                }

                _code.Append(one);
                _at++;
            }
        }
    }

    /// <summary>Skips the comment or literal that begins here, if one does.</summary>
    private bool TrySkip()
    {
        if (Has("//"))
        {
            SkipTo("\n", 0);
        }
        else if (Has("/*"))
        {
            SkipTo("*/", 2);
        }
        else if (Has("'"))
        {
            SkipCharacter();
        }
        else if (Has("\"") || Has("@\"") || Has("$"))
        {
            SkipText();
        }
        else
        {
            return false;
        }

        return true;
    }

    private void SkipTo(string mark, int length)
    {
        var end = _source.IndexOf(mark, _at, StringComparison.Ordinal);
        Skip((end < 0 ? _source.Length : end + length) - _at);
    }

    private void SkipCharacter()
    {
        Skip(Has("'\\") ? 3 : 2);
        SkipTo("'", 1);
    }

    private void SkipText()
    {
        var dollars = Run('$', _at);
        Skip(dollars);
        var isVerbatim = Has("@");
        Skip(isVerbatim ? 1 : 0);
        dollars += isVerbatim ? Run('$', _at) : 0; // Either order is allowed.
        Skip(isVerbatim ? Run('$', _at) : 0);
        var quotes = Run('"', _at);
        if (quotes == 2 || (isVerbatim && quotes % 2 == 0))
        {
            Skip(quotes); // Nothing in it.
            return;
        }

        quotes = isVerbatim || quotes == 1 ? 1 : quotes;
        Skip(quotes);
        while (_at < _source.Length && !TryEnd(isVerbatim, quotes))
        {
            SkipPart(isVerbatim, quotes, dollars);
        }
    }

    private bool TryEnd(bool isVerbatim, int quotes)
    {
        var isEnd = Run('"', _at) is var here && (quotes > 1 ? here >= quotes : isVerbatim ? here % 2 == 1 : here > 0);
        if (isEnd)
        {
            Skip(quotes > 1 || isVerbatim ? here : 1);
        }

        return isEnd;
    }

    private void SkipPart(bool isVerbatim, int quotes, int dollars)
    {
        var braces = dollars > 0 ? Run('{', _at) : 0;
        if (quotes == 1 ? braces % 2 == 1 : braces > 0 && braces >= dollars)
        {
            Skip(braces);
            CopyCode(inHole: true);
            Skip(quotes == 1 ? 1 : dollars);
        }
        else
        {
            Skip(braces > 0 ? braces : quotes == 1 && !isVerbatim && Has("\\") ? 2 : Math.Max(1, Run('"', _at)));
        }
    }

    private int Run(char one, int from)
    {
        var end = from;
        while (end < _source.Length && _source[end] == one)
        {
            end++;
        }

        return end - from;
    }

    private void Skip(int length)
    {
        var end = Math.Min(_source.Length, _at + length);
        _code.Append('\n', _source.AsSpan(_at, end - _at).Count('\n'));
        _at = end;
    }
}
