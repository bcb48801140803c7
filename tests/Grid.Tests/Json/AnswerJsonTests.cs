using System.Text;
using System.Text.Json;
using Grid.Json;

namespace Grid.Tests.Json;

public sealed class AnswerJsonTests
{
    [Fact]
    public void A_decision_looks_as_the_documentation_says()
    {
        const string Expected = """
            {"decision_id":"d-1","decision":"authorize","owner":{"kind":"card","key":"42/é\"42"},"event_id":"t1","at":"2018-07-25T00:00:29.007Z","action":"decline","score":0.9234,"reasons":["model_score_high"],"features":[{"name":"amount","value":57.16,"age_ms":0},{"name":"card.tx_count_1d","value":3,"age_ms":12345},{"name":"card.amount_mean_30d","value":null,"age_ms":null},{"name":"card.top_country","value":"FR","age_ms":5,"approximate":true}],"outputs":{"loss":12.5,"none":null},"model":"trees@3fa9c01be2d4","bundle":"fraud@1.0.0+9c01be2d43fa","fallback":false,"duplicate":false}
            """;

        Assert.Equal(Expected, Text(GridJson.Utf8(Samples.Decision(), DecisionJson.Write)));
    }

    [Theory]
    [InlineData(0.5, false, false)]
    [InlineData(double.NaN, true, false)]
    [InlineData(0.10000000149011612, false, true)]
    public void A_decision_comes_back_as_it_was(double score, bool fallback, bool duplicate)
    {
        var given = Samples.Decision(score, fallback, duplicate);
        var found = DecisionJson.Read(GridJson.Utf8(given, DecisionJson.Write));

        Assert.Equivalent(given, found, strict: true);
        Assert.Equal(given.Features, found.Features);
    }

    [Fact]
    public void The_features_of_an_entity_come_back_as_they_were()
    {
        var given = new EntityFeatures(new("card", "4242"), EventTime.FromUnixMilliseconds(7), Samples.Decision().Features);
        var found = EntityFeaturesJson.Read(GridJson.Utf8(given, EntityFeaturesJson.Write));

        Assert.Equal((given.Entity, given.At), (found.Entity, found.At));
        Assert.Equal(given.Features, found.Features);
    }

    [Theory]
    [InlineData(9_007_199_254_740_993)]
    [InlineData(-9_007_199_254_740_993)]
    [InlineData(9_007_199_254_740_994)] // A double could hold it, too.
    [InlineData(long.MaxValue)]
    [InlineData(long.MinValue)]
    public void Integers_beyond_doubles_are_written_and_read_with_all_digits(long large)
    {
        var given = new EntityFeatures(new("acct", "A"), EventTime.FromUnixMilliseconds(7), [new FeatureReading("acct.device", 0, null, 5) { LargeInteger = large }]);
        var json = GridJson.Utf8(given, EntityFeaturesJson.Write);
        var found = EntityFeaturesJson.Read(json);

        Assert.Contains($"\"value\":{large},", Text(json), StringComparison.Ordinal);
        Assert.Equal(given.Features, found.Features);
        Assert.Equal((large, (double)large), (found.Features[0].LargeInteger, found.Features[0].Value));
    }

    [Theory]
    [InlineData(9_007_199_254_740_994.0)]
    [InlineData(1e18)]
    public void A_large_number_that_is_no_integer_by_type_keeps_its_value(double number)
    {
        var given = new EntityFeatures(new("acct", "A"), EventTime.FromUnixMilliseconds(7), [new FeatureReading("acct.volume", number, null, 5)]);

        // JSON does not say of which type a number is: what stands there without an exponent is read as an integer of the same value.
        Assert.Equal(number, EntityFeaturesJson.Read(GridJson.Utf8(given, EntityFeaturesJson.Write)).Features[0].Value);
    }

    [Fact]
    public void A_schema_comes_back_as_it_was()
    {
        var found = SchemaJson.Read(GridJson.Utf8(Samples.Schema, SchemaJson.Write));

        Assert.Equivalent(Samples.Schema, found, strict: true);
    }

    [Fact]
    public void Receipts_come_back_as_they_were()
    {
        foreach (var receipt in new[] { EventReceipt.Accepted, EventReceipt.Duplicate })
        {
            Assert.Equal(receipt, ReceiptJson.Read(GridJson.Utf8(receipt, ReceiptJson.Write)));
        }

        var batch = new EventBatchReceipt(3, 2, 1, [new(4, GridError.InvalidInput, new("amount", "nothing", "a number"))]);
        var json = GridJson.Utf8(batch, ReceiptJson.Write);
        Assert.Equivalent(batch, ReceiptJson.ReadBatch(json), strict: true);
        Assert.Equal(
            """{"accepted":3,"duplicates":2,"rejected_count":1,"rejected":[{"line":4,"code":"invalid_input","field":"amount","found":"nothing","expected":"a number","detail":"Field 'amount': expected a number, found nothing."}]}""",
            Text(json));
    }

    [Fact]
    public void A_problem_comes_back_as_the_exception_it_was()
    {
        var raised = GridException.Invalid(new("amount", "the number -1", "a decimal number"));
        var problem = GridProblem.From(raised);
        var json = GridJson.Utf8(problem, (writer, one) => one.Write(writer));
        var found = GridProblem.Read(json).ToException();

        Assert.Equal((raised.Error, raised.Message, raised.ValidationError), (found.Error, found.Message, found.ValidationError));
        Assert.Equal(
            """{"type":"about:blank","title":"The input is at fault.","status":400,"detail":"Field 'amount': expected a decimal number, found the number -1.","code":"invalid_input","field":"amount","found":"the number -1","expected":"a decimal number"}""",
            Text(json));
    }

    [Fact]
    public void Every_error_has_a_code_that_comes_back()
    {
        foreach (var error in Enum.GetValues<GridError>())
        {
            Assert.Equal(error, GridProblem.ErrorOf(GridProblem.CodeOf(error)));
        }
    }

    [Theory]
    [InlineData("{}", "decision_id")]
    [InlineData("[]", "decision_id")]
    [InlineData("""{"decision_id":1}""", "decision_id")]
    public void What_is_no_decision_is_refused_by_name(string json, string says)
    {
        Assert.Contains(says, Assert.Throws<JsonException>(() => DecisionJson.Read(Encoding.UTF8.GetBytes(json))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Writing_a_decision_allocates_nothing()
    {
        var bytes = new System.Buffers.ArrayBufferWriter<byte>(4096);
        using var writer = new Utf8JsonWriter(bytes, GridJson.WriterOptions);
        var decision = Samples.Decision();

        Assert.Equal(0, Allocations.Of(() =>
        {
            for (var i = 0; i < 100; i++)
            {
                Write();
            }
        }));

        void Write()
        {
            bytes.ResetWrittenCount();
            writer.Reset(bytes);
            DecisionJson.Write(writer, decision);
            writer.Flush();
        }
    }

    private static string Text(ReadOnlyMemory<byte> json) => Encoding.UTF8.GetString(json.Span);
}
