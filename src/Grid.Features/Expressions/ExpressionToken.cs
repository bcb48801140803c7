namespace Grid.Features.Expressions;

internal enum TokenKind : byte
{
    End,
    Number,
    Text,

    /// <summary>A name, a function's name or one of the words and, or, not, in, true, false.</summary>
    Word,

    /// <summary>An operator, a parenthesis or a comma.</summary>
    Sign,
}

/// <summary>One word or sign of an expression, where it stands, and what it says (of a text: without its quotes).</summary>
internal readonly record struct ExpressionToken(TokenKind Kind, int Column, string Says)
{
    /// <summary>As a message names it.</summary>
    public string Found => Kind switch
    {
        TokenKind.End => "the end",
        TokenKind.Text => $"the text '{Says}'",
        _ => $"'{Says}'",
    };

    public bool Is(string word) => Kind is TokenKind.Word or TokenKind.Sign && Says == word;
}
