using Grid.Features.Expressions;
using Grid.Features.Plans;
using static Grid.Features.Tests.Expressions.TestScope;

namespace Grid.Features.Tests.Expressions;

public sealed class ExpressionTests
{
    private static readonly Value[] Inputs = [Value.Of(20), Value.Of("FR"), Value.Of(1), Value.Missing];

    [Theory]
    [InlineData("1 + 2 * 3", 7)]
    [InlineData("(1 + 2) * 3", 9)]
    [InlineData("7 - 2 - 1", 4)]
    [InlineData("-2 * -3", 6)]
    [InlineData("7 % 4", 3)]
    [InlineData(".5 + 1e-1", 0.6)]
    [InlineData("amount / card.amount_mean_7d", 2)]
    [InlineData("items + ratio", 3.5)]
    [InlineData("abs(-3)", 3)]
    [InlineData("min(3, 1, 2)", 1)]
    [InlineData("max(3, 1, 2)", 3)]
    [InlineData("sqrt(9)", 3)]
    [InlineData("floor(-1.5)", -2)]
    [InlineData("round(2.5)", 3)]
    [InlineData("round(-2.5)", -3)]
    [InlineData("exp(0)", 1)]
    [InlineData("log1p(0)", 0)]
    [InlineData("hour(at)", 6)]
    [InlineData("hour(round(items))", 0)]
    [InlineData("weekday(at)", 3)]
    [InlineData("if(amount > 10, 1, 2)", 1)]
    [InlineData("coalesce(score, 5)", 5)]
    [InlineData("coalesce(score, ratio, 5)", 0.5)]
    public void A_number_is_computed(string text, double expected)
    {
        var compiled = Compile(text);

        Assert.Equal(ExpressionType.Number, compiled.Type);
        Assert.Equal(expected, compiled.Evaluate(Payment(), Inputs).Number);
    }

    [Theory]
    [InlineData("1 < 2 and 2 < 3", true)]
    [InlineData("1 < 2 and not 2 < 3", false)]
    [InlineData("false and false or true", true)]
    [InlineData("1 == 1", true)]
    [InlineData("1 != 1", false)]
    [InlineData("country = 'FR'", true)]
    [InlineData("country = \"FR\"", true)]
    [InlineData("country < 'G'", true)]
    [InlineData("country in ('DE', 'FR')", true)]
    [InlineData("country in ('DE', 'fr')", false)]
    [InlineData("items in (1, 2, -3)", false)]
    [InlineData("items in (1, 3)", true)]
    [InlineData("country = card.top_country", true)]
    [InlineData("online", true)]
    [InlineData("online and is_night", true)]
    [InlineData("online = false", false)]
    [InlineData("if(online, is_night, false)", true)]
    [InlineData("'it''s' = \"it's\"", true)]
    public void A_condition_holds_or_does_not(string text, bool expected)
    {
        var compiled = Compile(text);

        Assert.Equal(ExpressionType.Boolean, compiled.Type);
        Assert.Equal(expected, compiled.IsTrue(Payment(), Inputs));
    }

    [Theory]
    [InlineData("amount + 1")]
    [InlineData("-amount")]
    [InlineData("max(amount, 1)")]
    [InlineData("coalesce(amount, score)")]
    [InlineData("1 / 0")]
    [InlineData("0 / 0")]
    [InlineData("1 % 0")]
    [InlineData("sqrt(-1)")]
    [InlineData("log1p(-1)")]
    [InlineData("exp(1000)")]
    [InlineData("1e308 * 10")]
    [InlineData("haversine_km(amount, 0, 0, 0)")]
    [InlineData("hour(score)")]
    [InlineData("online")]
    [InlineData("country")]
    public void What_cannot_be_computed_is_missing(string text)
    {
        Assert.True(Compile(text).Evaluate(Row(), Inputs).IsMissing);
    }

    [Theory]
    [InlineData("amount > 1", false)]
    [InlineData("amount <= 1", false)]
    [InlineData("amount = amount", false)]
    [InlineData("amount != 1", false)]
    [InlineData("country = country", false)]
    [InlineData("country != 'FR'", false)]
    [InlineData("country in ('FR')", false)]
    [InlineData("amount in (1)", false)]
    [InlineData("online = online", false)]
    [InlineData("online or false", false)]
    [InlineData("not (amount > 1)", true)]
    [InlineData("not online", true)]
    [InlineData("if(online, false, true)", true)]
    [InlineData("coalesce(online, true)", true)]
    public void A_comparison_with_something_missing_is_false(string text, bool expected)
    {
        Assert.Equal(expected, Compile(text).IsTrue(Row(), Inputs));
    }

    [Fact]
    public void Text_comes_out_as_text()
    {
        Assert.Equal(Value.Of("FR"), Compile("coalesce(country, card.top_country)").Evaluate(Row(), Inputs));
        Assert.Equal(Value.Of("big"), Compile("if(amount > 10, 'big', 'small')").Evaluate(Payment(), Inputs));
    }

    [Fact]
    public void Paris_is_as_far_from_London_as_maps_say()
    {
        var km = Compile("haversine_km(48.8566, 2.3522, 51.5074, -0.1278)").Evaluate(null, []).Number;

        Assert.Equal(343.6, km, 0.1);
        Assert.Equal(0, Compile("haversine_km(1, 2, 1, 2)").Evaluate(null, []).Number);
        Assert.Equal(Math.PI * 6371.0088, Compile("haversine_km(0, 0, 0, 180)").Evaluate(null, []).Number, 1e-6);
    }

    [Theory]
    [InlineData(1e-10, 9.9999999995e-11)]
    [InlineData(-1e-10, -1.00000000005e-10)]
    [InlineData(1e-20, 1e-20)]
    [InlineData(1, 0.69314718055994531)]
    [InlineData(1e6, 13.815511557963774)]
    public void Log1p_keeps_the_digits_of_small_numbers(double x, double expected)
    {
        var found = Compile("log1p(ratio)").Evaluate(Row(ratio: x), []).Number;

        Assert.InRange(found / expected, 1 - 4e-16, 1 + 4e-16);
    }

    [Fact]
    public void Hours_and_weekdays_agree_with_the_calendar()
    {
        var (hour, weekday) = (Compile("hour(at)"), Compile("weekday(at)"));
        var random = new Random(1);
        for (var i = 0; i < 10_000; i++)
        {
            var at = DateTimeOffset.FromUnixTimeMilliseconds(random.NextInt64(EventTime.MaxUnixMilliseconds));
            var row = Row(at: at.ToUnixTimeMilliseconds());
            Assert.Equal(at.Hour, hour.Evaluate(row, []).Number);
            Assert.Equal(at.DayOfWeek == DayOfWeek.Sunday ? 7 : (int)at.DayOfWeek, weekday.Evaluate(row, []).Number);
        }
    }

    [Fact]
    public void Evaluating_allocates_nothing()
    {
        var compiled = Compile("if(country in ('DE', 'FR') and amount > 10 * coalesce(score, 1), max(log1p(amount), hour(at)), 0) >= 0 and country != 'x'");
        var row = Payment();
        var held = 0;

        Assert.Equal(0, Allocations.Of(() =>
        {
            held = 0;
            for (var i = 0; i < 1_000; i++)
            {
                held += compiled.IsTrue(row, Inputs) ? 1 : 0;
            }
        }));
        Assert.Equal(1_000, held);
    }

    private static EventRow Payment() =>
        Row(amount: 40, items: 3, ratio: 0.5, online: true, country: "FR", at: new DateTimeOffset(2018, 7, 25, 6, 30, 0, TimeSpan.Zero).ToUnixTimeMilliseconds());
}
