using System.Buffers;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Grid.Json;

namespace Grid.Tests.Json;

public sealed class EventJsonTests
{
    private static readonly EventJsonReader Reader = new(Samples.Payment);

    [Fact]
    public void Values_stay_what_they_were()
    {
        var found = Read("""{"transaction_id":"t\u00e91","at":1532476829007,"card":null,"amount":12.50,"ratio":0.1,"online":true,"items":1e2}""");

        Assert.Equal(FieldValue.Of("té1"), found["transaction_id"]);
        Assert.Equal(FieldValue.Of(1_532_476_829_007m), found["at"]);
        Assert.Equal(default, found["card"]);
        Assert.Equal(FieldValue.Of(12.50m), found["amount"]);
        Assert.Equal(FieldValue.Of(0.1), found["ratio"]);
        Assert.Equal(FieldValue.Of(true), found["online"]);
        Assert.Equal(FieldValue.Of(100m), found["items"]);
        Assert.Equal(7, found.Count);
    }

    [Fact]
    public void Names_are_the_very_strings_of_the_schema()
    {
        var found = Read("""{"card":"c","transaction_id":"t","nobody_knows":1}""");

        Assert.Same(Samples.Payment.Fields[2].Name, found.Names[0]);
        Assert.Same(Samples.Payment.Fields[0].Name, found.Names[1]);
        Assert.Equal("nobody_knows", found.Names[2]);
    }

    [Theory]
    [InlineData("1e300")]
    [InlineData("1e-300")]
    [InlineData("-1e-30")]
    [InlineData("9.9999999999999999999999999999")]
    [InlineData("99.999999999999999999999999999")]
    [InlineData("0.99999999999999999999999999999999999999999999999999")]
    public void Numbers_that_no_decimal_holds_keep_their_text_where_the_field_is_exact(string number)
    {
        Assert.Equal(FieldValue.Of(number), Read($$"""{"amount":{{number}}}""")["amount"]);
        Assert.Equal(FieldValue.Of(number), Read($$"""{"at":{{number}}}""")["at"]);
        Assert.Equal(FieldType.Number, Read($$"""{"card":{{number}}}""")["card"].Given);
    }

    [Theory]
    [InlineData("1e300", 1e300)]
    [InlineData("1e-300", 1e-300)]
    [InlineData("1e999", double.PositiveInfinity)]
    [InlineData("0.1000000000000000055511151231257827021181583404541015625", 0.1)]
    public void A_number_field_takes_the_nearest_double(string number, double expected)
    {
        Assert.Equal(FieldValue.Of(expected), Read($$"""{"ratio":{{number}}}""")["ratio"]);
    }

    [Theory]
    [InlineData("""{"amount":{}}""", "amount", "an object inside the event")]
    [InlineData("""{"amount":[1]}""", "amount", "an array inside the event")]
    [InlineData("""{"other":[1]}""", "other", "an array inside the event")]
    [InlineData("""{"amount":1,"amount":2}""", "amount", "twice")]
    [InlineData("""{"amount":null,"amount":null}""", "amount", "twice")]
    [InlineData("""{"amount":1,"\u0061mount":2}""", "amount", "twice")]
    [InlineData("""{"x":1,"x":2}""", "x", "twice")]
    [InlineData("""{"card":"\ud800"}""", "card", "surrogate")]
    [InlineData("[]", "", "begins with an array")]
    [InlineData("\"a\"", "", "begins with a string")]
    [InlineData("null", "", "begins with null")]
    [InlineData("", "", "no JSON, at line 1, byte 1")]
    [InlineData("{\n\"amount\":}", "", "no JSON, at line 2, byte 10")]
    [InlineData("""{"amount":1}x""", "", "no JSON")]
    [InlineData("""{"amount":1}{}""", "", "no JSON")]
    [InlineData("""{"amount":NaN}""", "", "no JSON")]
    [InlineData("""{"amount":1,}""", "", "no JSON")]
    [InlineData("""{"amount":1""", "", "no JSON")]
    public void What_no_event_can_say_is_refused(string json, string field, string found)
    {
        Assert.False(Reader.TryRead(Encoding.UTF8.GetBytes(json), new("transaction"), out var fault));
        Assert.Equal(field, fault.Field);
        Assert.Contains(found, fault.Found, StringComparison.Ordinal);
    }

    [Fact]
    public void Bytes_that_are_no_UTF8_are_refused_with_the_field()
    {
        byte[] value = [.. "{\"card\":\""u8, 0xc3, 0x28, .. "\"}"u8];
        byte[] name = [.. "{\"car"u8, 0xff, .. "\":1}"u8];

        Assert.False(Reader.TryRead(value, new("transaction"), out var fault));
        Assert.Equal("card", fault.Field);
        Assert.False(Reader.TryRead(name, new("transaction"), out fault));
        Assert.Contains("UTF-8", fault.Found, StringComparison.Ordinal);
    }

    [Fact]
    public void An_event_in_pieces_reads_as_a_whole_one()
    {
        var json = """{"transaction_id":"t1","amount":12.50,"card":"é4242"}"""u8.ToArray();
        for (var cut = 1; cut < json.Length; cut++)
        {
            var first = new Piece(json.AsMemory(0, cut));
            var last = first.Then(json.AsMemory(cut));
            var found = new Event("transaction");
            Assert.True(Reader.TryRead(new ReadOnlySequence<byte>(first, 0, last, last.Memory.Length), found, out var fault), fault?.ToString());
            Assert.Equal(Read(Encoding.UTF8.GetString(json)), found);
        }
    }

    [Fact]
    public void What_was_written_reads_back_the_same()
    {
        var values = Gen.OneOf(
            Gen.Constant(default(FieldValue)),
            ArbMap.Default.ArbFor<decimal>().Generator.Where(value => value != 0).Select(FieldValue.Of),
            ArbMap.Default.ArbFor<bool>().Generator.Select(FieldValue.Of),
            ArbMap.Default.ArbFor<string>().Generator.Where(text => text is not null && new UTF8Encoding(false, true).IsValid(text)).Select(FieldValue.Of));

        Prop.ForAll(values.ArrayOf(4).ToArbitrary(), all =>
        {
            var given = new Event("transaction");
            for (var i = 0; i < all.Length; i++)
            {
                given.Add(Samples.Payment.Fields[i].Name, all[i]);
            }

            var json = GridJson.Utf8(given, EventJson.Write);
            Assert.Equal(given, Read(Encoding.UTF8.GetString(json.Span)));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(2_000));
    }

    [Fact]
    public void No_bytes_make_the_reader_throw()
    {
        var parts = Gen.Elements("{", "}", "[", "\"", ":", ",", "\"amount\"", "\"card\":", "1", "-", "e", "null", "\\u", "\\ud800", "\u0000", " ", "\n", "tru");
        Prop.ForAll(parts.ArrayOf().ToArbitrary(), all =>
        {
            var given = new Event("transaction");
            return Reader.TryRead(Encoding.UTF8.GetBytes(string.Concat(all)), given, out var fault) == (fault is null);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(5_000));
    }

    [Fact]
    public void Reading_allocates_only_the_values()
    {
        var json = """{"transaction_id":"t1","at":1532476829007,"amount":12.50,"ratio":0.1,"online":true,"items":3}"""u8.ToArray();
        var into = new Event("transaction");
        Assert.True(Reader.TryRead(json, into, out _));

        var allocated = Allocations.Of(() =>
        {
            for (var i = 0; i < 100; i++)
            {
                Reader.TryRead(json, into, out _);
            }
        });

        Assert.Equal(100 * 32, allocated); // the string "t1"
    }

    [Fact]
    public void A_NaN_cannot_be_written()
    {
        var fault = Assert.Throws<GridException>(() => GridJson.Utf8(new Event("transaction") { ["amount"] = double.NaN }, EventJson.Write)).ValidationError;

        Assert.Equal("amount", fault!.Field);
    }

    private static Event Read(string json)
    {
        var found = new Event("transaction");
        Assert.True(Reader.TryRead(Encoding.UTF8.GetBytes(json), found, out var fault), $"{json}: {fault}");
        return found;
    }

    private sealed class Piece : ReadOnlySequenceSegment<byte>
    {
        public Piece(ReadOnlyMemory<byte> memory) => Memory = memory;

        public Piece Then(ReadOnlyMemory<byte> memory)
        {
            var next = new Piece(memory) { RunningIndex = RunningIndex + Memory.Length };
            Next = next;
            return next;
        }
    }
}

file static class Utf8Validity
{
    public static bool IsValid(this UTF8Encoding strict, string text)
    {
        try
        {
            strict.GetByteCount(text);
            return true;
        }
        catch (EncoderFallbackException)
        {
            return false;
        }
    }
}
