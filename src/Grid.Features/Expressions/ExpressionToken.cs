namespace Grid.Features.Expressions;

internal enum TokenKind : byte
{
    End,
    Number,
    Text,

    /// <summary>A name, a function name or one of the keywords and, or, not, in, true, false.</summary>
    Word,

    /// <summary>An operator, a parenthesis or a comma.</summary>
    Sign,
}

/// <summary>A token of an expression: its kind, position and text (a string without its quotes).</summary>
internal readonly record struct ExpressionToken(TokenKind Kind, int Column, string Says)
{
    /// <summary>The token as shown in diagnostics.</summary>
    public string Found => Kind switch
    {
        TokenKind.End => "the end",
        TokenKind.Text => $"the text '{Says}'",
        _ => $"'{Says}'",
    };

    public bool Is(string word) => Kind is TokenKind.Word or TokenKind.Sign && Says == word;
}
