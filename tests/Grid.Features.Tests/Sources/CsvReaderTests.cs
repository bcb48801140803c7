using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Grid.Features.Sources;

namespace Grid.Features.Tests.Sources;

public sealed class CsvReaderTests
{
    [Fact]
    public void Reads_what_RFC_4180_shows()
    {
        const string Text = "a,b,c\r\n\"a,1\",\"b\r\nb\",\"c \"\"quoted\"\"\"\r\n\r\n,,\r\nlast,é,\"\"";

        Assert.Equal(
            [["a", "b", "c"], ["a,1", "b\r\nb", "c \"quoted\""], ["", "", ""], ["last", "é", ""]],
            Read(Text).Select(record => record.Values));
        Assert.Equal([1, 2, 5, 6], Read(Text).Select(record => record.Line));
    }

    [Theory]
    [InlineData("")]
    [InlineData("\n")]
    [InlineData("\r\n\n")]
    [InlineData("\uFEFF")]
    public void A_file_with_nothing_has_no_records(string text) => Assert.Empty(Read(text));

    [Fact]
    public void A_byte_order_mark_is_no_part_of_the_first_name() => Assert.Equal([["a", "b"]], Read("\uFEFFa,b").Select(record => record.Values));

    [Theory]
    [InlineData("a\nb\"c,d", 2, "a quote stands inside a value")]
    [InlineData("a\n\"b", 2, "never closed")]
    [InlineData("\"a\" ,b", 1, "follows the closing quote")]
    [InlineData("\"a\nb\"\nc\rd", 3, "a carriage return stands alone")]
    public void A_malformed_line_is_named(string text, long line, string says)
    {
        var fault = Assert.Throws<SourceException>(() => Read(text));

        Assert.Equal(line, fault.Line);
        Assert.Contains(says, fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_record_of_a_megabyte_is_refused()
    {
        Assert.Contains("longer than", Assert.Throws<SourceException>(() => Read("\"" + new string('x', 3_000_000))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Whatever_is_written_by_the_rules_reads_back_however_the_stream_is_cut()
    {
        var value = Gen.Elements("", "a", "12.50", ",", "\"", "\"\"", "\n", "\r\n", "é", " b ", "a\"b", "line\nline", new string('x', 40)).ArrayOf(2).Select(string.Concat);
        var table = Gen.Choose(2, 4).SelectMany(width => value.ArrayOf(width).ArrayOf().SelectMany(rows =>
            Gen.Choose(8, 90).SelectMany(size => Gen.Elements("\n", "\r\n").Select(end => (rows, size, end)))));

        Prop.ForAll(table.ToArbitrary(), given =>
        {
            var text = string.Concat(given.rows.Select(row => string.Join(',', row.Select(Quoted)) + given.end));
            var found = Read(text, given.size);
            Assert.Equal(given.rows, found.Select(record => record.Values));
            var lines = 1;
            foreach (var (row, record) in given.rows.Zip(found))
            {
                Assert.Equal(lines, record.Line);
                lines += 1 + row.Sum(one => one.Count(c => c == '\n'));
            }
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(2_000).WithEndSize(30));

        static string Quoted(string text) => text.AsSpan().IndexOfAny(",\"\r\n") < 0 ? text : $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
    }

    private static List<(string[] Values, long Line)> Read(string text, int bufferBytes = 16)
    {
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(text));
        var reader = new CsvReader(stream, "test.csv", bufferBytes);
        List<(string[], long)> records = [];
        while (reader.Read())
        {
            records.Add(([.. Enumerable.Range(0, reader.Count).Select(reader.Text)], reader.Line));
        }

        return records;
    }
}
