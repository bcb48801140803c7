using static Grid.Features.Tests.Expressions.TestScope;

namespace Grid.Features.Tests.Expressions;

public sealed class ExpressionFaultTests
{
    [Theory]
    [InlineData("", 0, "the end")]
    [InlineData("1 +", 3, "the end")]
    [InlineData("(1", 2, "a ')' for the '(' at column 1")]
    [InlineData("1 2", 2, "where the expression should end, found '2'")]
    [InlineData("1 < 2 < 3", 6, "second comparison")]
    [InlineData("12abc", 0, "nothing attached")]
    [InlineData("1.5.2", 0, "nothing attached")]
    [InlineData("'abc", 0, "no closing '")]
    [InlineData("amount && 1", 7, "expected 'and'")]
    [InlineData("amount | 1", 7, "expected 'or'")]
    [InlineData("!online", 0, "'not'")]
    [InlineData("amount # 1", 7, "'#'")]
    [InlineData("a\u0000b", 1, "U+0000")]
    [InlineData("1e999", 0, "too large")]
    [InlineData("amont > 1", 0, "Did you mean 'amount'?")]
    [InlineData("Amount > 1", 0, "Did you mean 'amount'?")]
    [InlineData("amount_mean_7d > 1", 0, "Did you mean 'card.amount_mean_7d'?")]
    [InlineData("1 + card.amount_mean_8d", 4, "Did you mean 'card.amount_mean_7d'?")]
    [InlineData("sqr(1)", 0, "Did you mean 'sqrt'")]
    [InlineData("sqrt", 0, "'sqrt' is a function: write sqrt(x)")]
    [InlineData("sqrt(1, 2)", 0, "2 arguments; expected sqrt(x)")]
    [InlineData("min(1)", 0, "min(a, b, ...)")]
    [InlineData("if(1, 2, 3)", 3, "Found a number; the condition of 'if' takes a boolean")]
    [InlineData("if(true, 1, 'a')", 12, "values of one type")]
    [InlineData("coalesce(1, 'a')", 12, "values of one type")]
    [InlineData("country + 1", 0, "Found a text; '+' takes a number")]
    [InlineData("country = 1", 8, "compares a text with a number")]
    [InlineData("online > false", 7, "expected = or !=")]
    [InlineData("amount and true", 0, "'and' takes a boolean")]
    [InlineData("not 1", 4, "'not' takes a boolean")]
    [InlineData("amount in ('a')", 0, "takes a text")]
    [InlineData("amount in ()", 12, "empty list")]
    [InlineData("amount in (1, 'a')", 14, "only numbers, or only texts")]
    [InlineData("amount in (1, items)", 14, "only numbers, or only texts")]
    [InlineData("amount in 1", 10, "a list such as")]
    [InlineData("hour(amount)", 5, "no moment in time")]
    [InlineData("and", 0, "a parenthesis, found 'and'")]
    public void A_fault_says_where_what_and_what_would_do(string text, int column, string says)
    {
        var fault = Refuse(text);

        Assert.Contains(says, fault.Message, StringComparison.Ordinal);
        Assert.Equal(column, fault.Column);
    }

    [Theory]
    [InlineData("(", ")")]
    [InlineData("-", "")]
    [InlineData("not ", "")]
    [InlineData("abs(", ")")]
    [InlineData("1 + ", "")]
    public void Nesting_deeper_than_a_hundred_is_refused(string open, string close)
    {
        var inner = open == "not " ? "true" : "1";

        Assert.NotNull(Compile(Nested(90)));
        Assert.Contains("deeper than 100", Refuse(Nested(101)).Message, StringComparison.Ordinal);

        string Nested(int depth) => string.Concat(Enumerable.Repeat(open, depth)) + inner + string.Concat(Enumerable.Repeat(close, depth));
    }

    [Fact]
    public void A_text_longer_than_4096_characters_is_refused()
    {
        Assert.NotNull(Compile("1".PadRight(4096)));
        Assert.Contains("at most 4096", Refuse("1".PadRight(4097)).Message, StringComparison.Ordinal);
    }
}
