using System.Globalization;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Grid.Features.Plans;
using Grid.Features.Rows;
using Grid.Features.Sources;
using Grid.Json;
using static Grid.Features.Tests.Rows.TestPlans;

namespace Grid.Features.Tests.Rows;

/// <summary>A number means the same, or is refused in the same words, whether it comes as JSON, as CSV or as text.</summary>
public sealed class NumberTests
{
    private static readonly EventTime Latest = At("9999-12-31");

    private static readonly EventJsonReader Json = new(new(
        TestPlans.Payment.Name, "transaction_id", "at", [.. TestPlans.Payment.Fields.Select(Schema)], null));

    private static readonly SourcePlan Csv = new(
        "csv",
        [new(TestPlans.Payment, [new(0, "id"), new(1, "at"), new(2, "id"), new(3, "id"), new(4, "amount"), new(5, "items")], null, 0)]);

    [Theory]
    [InlineData("12.50", 1250)]
    [InlineData("0", 0)]
    [InlineData("1e2", 10_000)]
    [InlineData("12.500000000000000000000000000000000000000", 1250)]
    [InlineData("149.95000000000002", 14_995)]
    [InlineData("85.64999999999999", 8565)]
    [InlineData("0.30000000000000004", 30)]
    [InlineData("999999.9999999999", 100_000_000)]
    public void An_amount_is_read_the_same_from_JSON_and_CSV(string text, long expected)
    {
        Assert.Equal(((long?)expected, (string?)null), OfJson("amount", text));
        Assert.Equal(((long?)expected, (string?)null), OfCsv("amount", text));
    }

    [Theory]
    [InlineData("amount", "10000000000.004")]
    [InlineData("amount", "10.004")]
    [InlineData("amount", "10.00001")]
    [InlineData("amount", "12.501")]
    [InlineData("amount", "1e-30")]
    [InlineData("amount", "5.551115123125783e-17")]
    [InlineData("amount", "9.9999999999999999999999999999")]
    [InlineData("amount", "99.999999999999999999999999999")]
    [InlineData("amount", "9.99999999999999999999999999999999999")]
    [InlineData("amount", "9.999999999999999999")]
    [InlineData("amount", "1e300")]
    [InlineData("amount", "1000000.01")]
    [InlineData("items", "1000000000000.5")]
    [InlineData("items", "1000000000.0005")]
    [InlineData("items", "2.9999999999999999999999999999")]
    [InlineData("items", "9223372036854775808")]
    [InlineData("items", "1e-30")]
    public void A_number_that_is_not_exact_for_its_field_is_refused_in_the_same_words(string field, string text)
    {
        var (value, said) = OfJson(field, text);

        Assert.Null(value);
        Assert.StartsWith($"Field '{field}': expected ", said, StringComparison.Ordinal);
        Assert.EndsWith($", found the number {text}.", said, StringComparison.OrdinalIgnoreCase);
        Assert.Equal((value, said), OfCsv(field, text));
    }

    [Fact]
    public void Any_number_is_read_or_refused_the_same_from_JSON_and_CSV()
    {
        var powers = Gen.Choose(-40, 30).Select(power => $"e{power.ToString(CultureInfo.InvariantCulture)}");
        var digits = Gen.Elements("0", "9", "1", "5", "99999", "0000", "123456789").ArrayOf().Select(string.Concat);
        var numbers =
            from whole in digits
            from part in digits
            from exponent in Gen.Frequency((3, Gen.Constant("")), (1, powers))
            select $"{(whole.TrimStart('0') is { Length: > 0 } some ? some : "0")}.{part}0{exponent}";

        Prop.ForAll(numbers.ToArbitrary(), text =>
        {
            Assert.Equal(OfJson("amount", text), OfCsv("amount", text));
            Assert.Equal(OfJson("items", text), OfCsv("items", text));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(5_000).WithEndSize(8));
    }

    [Theory]
    [InlineData("amount", "12.50", 1250)]
    [InlineData("amount", "0.1", 10)]
    [InlineData("amount", "007", 700)]
    [InlineData("items", "-9223372036854775808", long.MinValue)]
    [InlineData("items", "42", 42)]
    public void A_decimal_or_an_integer_may_be_sent_as_text(string field, string text, long expected) =>
        Assert.Equal(((long?)expected, (string?)null), OfJson(field, $"\"{text}\""));

    [Theory]
    [InlineData("amount", "12,50", "found the text '12,50'")]
    [InlineData("amount", "12.504", "found the number 12.504")]
    [InlineData("amount", "9.9999999999999999999999999999", "found the number 9.9999999999999999999999999999")]
    [InlineData("amount", "1e2", "found the text '1e2'")]
    [InlineData("amount", "+1", "found the text '+1'")]
    [InlineData("amount", " 1", "found the text ' 1'")]
    [InlineData("amount", ".5", "found the text '.5'")]
    [InlineData("amount", "$1", "found the text '$1'")]
    [InlineData("amount", "", "found the text ''")]
    [InlineData("items", "1.5", "found the number 1.5")]
    [InlineData("ratio", "0.5", "found the text '0.5'")]
    public void Another_text_is_refused(string field, string text, string says)
    {
        var (value, said) = OfJson(field, $"\"{text}\"");

        Assert.Null(value);
        Assert.StartsWith($"Field '{field}': expected ", said, StringComparison.Ordinal);
        Assert.EndsWith($", {says}.", said, StringComparison.Ordinal);
    }

    private static (long? Bits, string? Fault) OfJson(string field, string value)
    {
        var given = new Event(TestPlans.Payment.Name);
        var others = field == "amount" ? "" : "\"amount\":1,";
        var json = $$"""{"transaction_id":"t","card":"c","terminal":"t",{{others}}"{{field}}":{{value}}}""";
        Assert.True(Json.TryRead(Encoding.UTF8.GetBytes(json), given, out var fault), $"{json}: {fault}");
        return Ingested(given, field);
    }

    private static (long? Bits, string? Fault) OfCsv(string field, string text)
    {
        var (amount, items) = field == "amount" ? (text, "") : ("1", text);
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes($"id,at,amount,items\nt,2018-01-01,{amount},{items}\n"));
        Assert.True(new SourceReader(stream, "test.csv", Csv).TryRead(out var item));
        return Ingested(item.Event, field);
    }

    private static (long? Bits, string? Fault) Ingested(Event given, string field)
    {
        var row = new EventRow();
        var slot = TestPlans.Payment.Fields.ToList().FindIndex(known => known.Name == field);
        var read = RowReader.TryRead(given, TestPlans.Payment, Latest, Latest, row, out var fault);
        return read ? (row[slot].Bits, null) : (null, fault!.ToString());
    }

    private static FieldSchema Schema(FieldPlan field) => new(field.Name, field.Type, field.Scale, field.Required, field.Min, field.Max);
}
