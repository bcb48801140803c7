using Grid.Features.Plans;
using Grid.Features.Tests.State;

namespace Grid.Features.Tests.Definitions;

/// <summary>An empty text between quotes is a value; a key without a value is a mistake.</summary>
public sealed class EmptyTextTests
{
    [Theory]
    [InlineData("\"\"")]
    [InlineData("''")]
    public void An_empty_text_may_be_the_default_of_a_string_and_of_an_empty_feature(string text)
    {
        var plan = DefinedPlan.Of(Yaml($"{{ type: string, default: {text} }}", $"{{ batch: text, empty: {text} }}"));

        Assert.Equal(FieldSlot.OfText(""), plan.Events[0].Fields.Single(field => field.Name == "note").Default);
        Assert.Equal(Value.Of(""), plan.Kinds[0].Features.Single(feature => feature.Name == "taste").Empty);
    }

    [Theory]
    [InlineData("{ type: string, default: }", "{ batch: text }", "note.default: Expected a text, found nothing")]
    [InlineData("{ type: string, default: ~ }", "{ batch: text }", "note.default: Expected a text, found nothing")]
    [InlineData("{ type: integer, default: \"\" }", "{ batch: text }", "note.default: Expected a whole number, found nothing")]
    [InlineData("string", "{ batch: text, empty: }", "taste.empty: Expected a text, found nothing")]
    [InlineData("string", "{ batch: number, empty: \"\" }", "taste.empty: Expected a number, found nothing")]
    [InlineData("{ type: decimal(2), default: 1e-30 }", "{ batch: text }", "Expected a number with no more decimal places")]
    [InlineData("{ type: decimal(2), default: 9.9999999999999999999999999999 }", "{ batch: text }", "found '9.9999999999999999999999999999'")]
    [InlineData("{ type: decimal(2), max: 9.9999999999999999999999999999 }", "{ batch: text }", "Expected a number of at most 28 digits")]
    public void Nothing_or_a_number_that_would_be_rounded_is_refused(string field, string feature, string told) =>
        Assert.Contains(told, Assert.Single(DefinedPlan.FaultsOf(Yaml(field, feature))), StringComparison.Ordinal);

    private static string Yaml(string note, string taste) => $$"""
        events:
          order: { id: id, time: at, fields: { id: string, at: timestamp, user: string, note: {{note}} }, keys: { user: user } }
        entities:
          user:
            orders: { count: order }
            taste: {{taste}}
        """;
}
