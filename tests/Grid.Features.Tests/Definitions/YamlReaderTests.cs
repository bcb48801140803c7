using Grid.Features.Definitions;
using Grid.Features.Definitions.Yaml;

namespace Grid.Features.Tests.Definitions;

public sealed class YamlReaderTests
{
    [Theory]
    [InlineData("key: value", 6)]
    [InlineData("key:   \"value\"", 9)]
    [InlineData("key: 'value'", 7)]
    [InlineData("\"key\": value", 8)]
    [InlineData("key: 'it''s'", 6)]
    [InlineData("key: \"a\\tb\"", 6)]
    [InlineData("key: >\n  value", 6)]
    public void A_character_of_a_text_has_its_column_where_the_text_stands_in_the_file_as_it_is(string yaml, int column)
    {
        var text = (YamlText)Read(yaml)["key"]!;

        Assert.Equal(new YamlMark("a.yaml", 1, column), text.MarkOf(0));
    }

    [Fact]
    public void Values_know_the_keys_that_lead_to_them_and_their_lines()
    {
        var list = (YamlList)((YamlMap)Read("a:\n  b:\n    - x\n    - c: y")["a"]!)["b"]!;
        var inner = ((YamlMap)list.Items[1])["c"]!;

        Assert.Equal(("a.b[1].c", new YamlMark("a.yaml", 4, 10)), (inner.Path, inner.Mark));
    }

    [Theory]
    [InlineData("key:")]
    [InlineData("key: ~")]
    [InlineData("key: null")]
    [InlineData("key: ''")]
    public void Nothing_reads_as_an_empty_text(string yaml) => Assert.True(((YamlText)Read(yaml)["key"]!).IsEmpty);

    [Fact]
    public void A_word_in_quotes_is_that_word() => Assert.Equal("null", ((YamlText)Read("key: 'null'")["key"]!).Text);

    [Theory]
    [InlineData("")]
    [InlineData("# a comment\n")]
    [InlineData("---\n...\n")]
    public void An_empty_file_says_nothing_and_is_no_fault(string yaml)
    {
        var faults = new DiagnosticList();

        Assert.Null(YamlReader.Read(yaml, "a.yaml", faults));
        Assert.True(faults.IsEmpty);
    }

    [Fact]
    public void A_thousand_brackets_are_told_not_followed()
    {
        var faults = new DiagnosticList();

        Assert.Null(YamlReader.Read("key: " + new string('[', 1_000), "a.yaml", faults));
        Assert.Contains("nested more than", Assert.Single(faults.Ordered).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_quoted_in_a_message_is_short_and_on_one_line() =>
        Assert.Equal("'a�b" + new string('x', 57) + "…'", YamlText.Quote("a\nb" + new string('x', 100)));

    private static YamlMap Read(string yaml)
    {
        var faults = new DiagnosticList();
        var map = YamlReader.Read(yaml, "a.yaml", faults);
        Assert.True(faults.IsEmpty);
        return map!;
    }
}
