using Grid.Features.Plans;
using Grid.Features.Rows;
using static Grid.Features.Tests.Rows.TestPlans;

namespace Grid.Features.Tests.Rows;

public sealed class RowReaderTests
{
    private static readonly EventTime Now = At("2026-01-02T03:04:05.678Z");
    private static readonly EventTime Latest = At("2026-01-02T03:09:05.678Z");

    [Fact]
    public void A_good_event_fills_every_slot()
    {
        var row = Read(new("transaction")
        {
            ["transaction_id"] = "t1",
            ["at"] = "2018-07-25T00:00:29.123Z",
            ["card"] = "4242",
            ["terminal"] = "é",
            ["amount"] = 12.5m,
            ["items"] = 3,
            ["ratio"] = 0.1,
            ["online"] = true,
            ["expires"] = At("2030-01-01"),
            ["note"] = "line 1\nline 2",
        });

        Assert.Equal("t1", row.Id);
        Assert.Equal(StableHash.Of("t1"), row.IdHash);
        Assert.Equal(1_532_476_829_123, row.At.UnixMilliseconds);
        Assert.Equal("4242", row[2].Text);
        Assert.Equal("é", row[3].Text);
        Assert.Equal(1250, row[4].Bits);
        Assert.Equal(3, row[5].Bits);
        Assert.Equal(BitConverter.DoubleToInt64Bits(0.1), row[6].Bits);
        Assert.Equal(1, row[7].Bits);
        Assert.Equal(At("2030-01-01").UnixMilliseconds, row[8].Bits);
        Assert.Equal("line 1\nline 2", row[9].Text);
        Assert.Equal(FieldSlot.OfBits(0), row[10]);
    }

    [Fact]
    public void What_was_not_sent_has_its_default_and_the_time_is_now()
    {
        var given = Good();
        given["note"] = default;
        var row = Read(given);

        Assert.Equal(Now, row.At);
        Assert.Equal(FieldSlot.OfBits(1), row[5]);
        Assert.False(row[6].IsPresent);
        Assert.False(row[9].IsPresent);
    }

    [Fact]
    public void The_order_of_fields_does_not_matter()
    {
        var backwards = new Event("transaction") { ["amount"] = 1m, ["terminal"] = "t", ["card"] = new string("4242"), ["transaction_id"] = "t1" };

        Assert.Equal(Read(Good()).Slots.ToArray(), Read(backwards).Slots.ToArray());
    }

    [Fact]
    public void A_label_is_read_by_its_own_plan()
    {
        var row = new EventRow();
        Assert.True(RowReader.TryRead(new("fraud_report") { ["transaction_id"] = "t1", ["is_fraud"] = true }, Report, Now, Latest, row, out _));

        Assert.Equal(("t1", Now, 1L), (row.Id, row.At, row[2].Bits));
    }

    [Theory]
    [InlineData("2018-07-25", 1_532_476_800_000)]
    [InlineData("2018-07-25 00:00:29", 1_532_476_829_000)]
    [InlineData("2018-07-25T02:00:29+02:00", 1_532_476_829_000)]
    [InlineData("2018-07-25T02:00:29.5+0200", 1_532_476_829_500)]
    [InlineData("2018-07-25 02:00:29+02", 1_532_476_829_000)]
    [InlineData("2018-07-24T24:00:00Z", 1_532_476_800_000)]
    [InlineData("1970-01-01T00:00Z", 0)]
    public void A_time_may_be_ISO_text(string text, long expected)
    {
        var given = Good();
        given["at"] = text;

        Assert.Equal(expected, Read(given).At.UnixMilliseconds);
    }

    [Fact]
    public void A_time_may_be_whole_Unix_milliseconds()
    {
        foreach (var value in new FieldValue[] { 1_532_476_829_123m, 1_532_476_829_123.0, EventTime.FromUnixMilliseconds(1_532_476_829_123) })
        {
            var given = Good();
            given["at"] = value;
            Assert.Equal(1_532_476_829_123, Read(given).At.UnixMilliseconds);
        }
    }

    [Theory]
    [InlineData(0.1, 10)]
    [InlineData(1.15, 115)]
    [InlineData(1e5, 10_000_000)]
    [InlineData(0.0, 0)]
    [InlineData(149.95000000000002, 14_995)]
    public void A_double_fits_a_decimal_field_by_its_shortest_text(double value, long expected)
    {
        var given = Good();
        given["amount"] = value;

        Assert.Equal(expected, Read(given)[4].Bits);
    }

    [Fact]
    public void A_number_field_takes_the_nearest_double_of_a_decimal()
    {
        var random = new Random(7);
        for (var i = 0; i < 20_000; i++)
        {
            var number = random.NextDouble();
            var given = Good();
            given["ratio"] = decimal.Parse(number.ToString("R"), System.Globalization.NumberStyles.Float);
            Assert.Equal(BitConverter.DoubleToInt64Bits(number), Read(given)[6].Bits);
        }
    }

    [Fact]
    public void Every_fault_names_its_field_what_was_found_and_what_would_do()
    {
        Refused("transaction_id", default, "nothing", "1 to 256 UTF-8 bytes");
        Refused("transaction_id", "", "an empty text", "1 to 256 UTF-8 bytes");
        Refused("transaction_id", "a\tb", "U+0009", "without control characters");
        Refused("transaction_id", "a\u0085b", "U+0085", "without control characters");
        Refused("card", "\ud800", "surrogate", "a text");
        Refused("card", "a\udc00", "surrogate", "a text");
        Refused("card", new string('k', 257), "257 bytes", "1 to 256 UTF-8 bytes");
        Refused("card", new string('é', 129), "258 bytes", "1 to 256 UTF-8 bytes");
        Refused("card", 4242, "the number 4242", "a text");
        Refused("note", new string('n', 4097), "4097 bytes", "at most 4096 UTF-8 bytes");
        Refused("note", "\udfff", "surrogate", "a text");
        Refused("amount", "12,50", "the text '12,50'", "a decimal number with at most 2 places, from 0 to 1000000");
        Refused("amount", 1.234m, "the number 1.234", "at most 2 places");
        Refused("amount", 1.234, "the number 1.234", "at most 2 places");
        Refused("amount", -0.01m, "the number -0.01", "from 0 to");
        Refused("amount", 1_000_000.01m, "1000000.01", "to 1000000");
        Refused("amount", decimal.MaxValue, "79228162514264337593543950335", "to 1000000");
        Refused("amount", 1e300, "1E+300", "to 1000000");
        Refused("amount", double.NaN, "NaN", "a decimal number");
        Refused("amount", true, "true", "a decimal number");
        Refused("items", 1.5m, "1.5", "a whole number");
        Refused("items", 9_223_372_036_854_775_808m, "9223372036854775808", "to 9223372036854775807");
        Refused("ratio", double.NaN, "NaN", "a finite number from -1 to 1");
        Refused("ratio", double.PositiveInfinity, "Infinity", "a finite number");
        Refused("ratio", 1.5, "1.5", "from -1 to 1");
        Refused("ratio", "0.5", "the text '0.5'", "a finite number");
        Refused("online", 1, "the number 1", "true or false");
        Refused("at", "yesterday", "the text 'yesterday'", "a time such as");
        Refused("at", "10:00", "the text '10:00'", "a time such as");
        Refused("at", "2018-02-30", "the text '2018-02-30'", "a time such as");
        Refused("at", 1.5m, "the number 1.5", "whole milliseconds");
        Refused("at", -1, "the number -1, which is before 1970", "a time such as");
        Refused("at", Latest.UnixMilliseconds + 1, "too far in the future", "a time up to 2026-01-02T03:09:05.678Z");
        Refused("at", 1e300, "1E+300", "a time such as");
        Refused("expires", 253_402_300_800_000m, "too far in the future", "a time up to 9999-12-31T23:59:59.999Z");
        Refused("amuont", 1, "does not have", "(did you mean 'amount'?)");
        Refused("is_fraud", true, "a field that only a later label fills in", "without it");
    }

    [Fact]
    public void A_field_sent_twice_is_refused_even_where_one_is_missing()
    {
        var given = Good();
        given.Add("note", default);
        given.Add("note", "again");

        Assert.Equal("note", Refused(given).Field);
        Assert.Contains("twice", Refused(given).Found, StringComparison.Ordinal);
    }

    [Fact]
    public void Each_required_field_is_missed()
    {
        foreach (var name in new[] { "transaction_id", "card", "terminal", "amount" })
        {
            var given = Good();
            given[name] = default;
            Assert.Equal((name, "nothing"), (Refused(given).Field, Refused(given).Found));
        }
    }

    [Fact]
    public void What_was_found_is_cut_and_shows_no_control_characters()
    {
        var given = Good();
        given["amount"] = "\u001b[31m" + new string('x', 5_000);

        var found = Refused(given).Found;
        Assert.True(found.Length < 60, found);
        Assert.DoesNotContain('\u001b', found);
    }

    [Fact]
    public void Reading_a_good_event_allocates_nothing()
    {
        var row = new EventRow();
        var given = new Event("transaction")
        {
            ["transaction_id"] = "t1",
            ["at"] = "2018-07-25T00:00:29Z",
            ["card"] = "4242",
            ["terminal"] = "é",
            ["amount"] = 12.5,
            ["ratio"] = 0.1234567890123456789m,
        };
        Assert.True(RowReader.TryRead(given, TestPlans.Payment, Now, Latest, row, out _));

        Assert.Equal(0, Allocations.Of(() =>
        {
            for (var i = 0; i < 1_000; i++)
            {
                RowReader.TryRead(given, TestPlans.Payment, Now, Latest, row, out _);
            }
        }));
    }

    private static Event Good() => new("transaction") { ["transaction_id"] = "t1", ["card"] = "4242", ["terminal"] = "t", ["amount"] = 1m };

    private static EventRow Read(Event given)
    {
        var row = new EventRow();
        Assert.True(RowReader.TryRead(given, TestPlans.Payment, Now, Latest, row, out var fault), fault?.ToString());
        return row;
    }

    private static ValidationError Refused(Event given)
    {
        Assert.False(RowReader.TryRead(given, TestPlans.Payment, Now, Latest, new(), out var fault));
        return fault;
    }

    private static void Refused(string field, FieldValue value, string found, string expected)
    {
        var given = Good();
        given[field] = value;

        var fault = Refused(given);
        Assert.Equal(field, fault.Field);
        Assert.Contains(found, fault.Found, StringComparison.Ordinal);
        Assert.Contains(expected, fault.Expected, StringComparison.Ordinal);
    }
}
