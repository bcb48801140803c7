using FsCheck;
using FsCheck.Fluent;
using Grid.Decisions.Records;
using Grid.Decisions.Turns;
using Grid.Features.Plans;
using static Grid.Decisions.Tests.Turns.SmallDecision;

namespace Grid.Decisions.Tests.Records;

public sealed class DecisionRecordTests
{
    private const string Model = "m@3fa9c01be2d4";

    private static readonly DecisionShape Shape = DecisionShape.Read(DecisionShape.Of(Plan, "b@1").ToBytes());

    private static readonly Gen<double> Numbers = Gen.OneOf(
        Gen.Choose(-1000, 1000).Select(n => (double)n),
        Gen.Choose(int.MinValue, int.MaxValue).Select(n => n / 7.0),
        Gen.Elements(0.0, -0.0, double.NaN, double.MaxValue, double.Epsilon, 1L << 53, -(1L << 53), double.PositiveInfinity));

    private static readonly Gen<ReadValue> Reads =
        from number in Numbers
        from text in Gen.Frequency((5, Gen.Constant<string?>(null)), (1, Gen.Elements<string?>("", "naïve", "日本")))
        from newest in Gen.OneOf(Gen.Constant(ReadValue.Nothing), Gen.Choose(0, 1_000_000).Select(n => (long)n))
        from approximate in Gen.Elements(true, false)
        from integer in Gen.Frequency((5, Gen.Constant<long?>(null)), (1, Gen.Elements<long?>((1L << 53) + 1, -(1L << 53) - 1, long.MaxValue, long.MinValue)))
        select new ReadValue(integer is { } large ? Value.OfInteger(large) : new(text is null ? number : double.NaN, text), newest, approximate);

    [Fact]
    public void The_answer_read_back_equals_the_answer_given()
    {
        var turns = from reads in Reads.ArrayOf(3)
                    from score in Gen.OneOf(Gen.Choose(0, 1000).Select(n => n / 1000.0), Gen.Constant(double.NaN))
                    select (reads, score);

        Prop.ForAll(turns.ToArbitrary(), turn =>
        {
            var frame = Finish(turn.reads, turn.score);
            var given = frame.ToDecision("d-7", "4242", Model, "b@1");
            var read = DecisionRecord.Read(Write(frame), Shape, ("d-7", "4242", given.EventId, given.At), duplicate: false);

            Assert.Equal(given.Features, read.Features);
            Assert.Equal(Bits(given), Bits(read));
            Assert.Equivalent(given, read, strict: true);
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void The_inputs_read_back_equal_those_that_the_turn_had() =>
        Prop.ForAll(Reads.ArrayOf(3).ToArbitrary(), reads =>
        {
            var frame = Finish(reads, 0.5);

            Assert.Equal(reads, DecisionRecord.ReadInputs(Write(frame), frame.Row.At)[..3]);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_cut_record_is_refused_wherever_it_is_cut()
    {
        var whole = Write(Finish([Read(1.5), Read(2), Read(3)], 0.5));

        for (var length = 0; length < whole.Length; length++)
        {
            Assert.Throws<InvalidDataException>(() => DecisionRecord.Read(whole.AsSpan(0, length), Shape, ("d", "k", "e", default), false));
        }
    }

    [Fact]
    public void Writing_allocates_nothing()
    {
        var frame = Finish([Read(1.5), Read(2), Read(3)], 0.5);
        var buffer = new byte[DecisionRecord.MaxBytes(frame, Model)];

        Assert.Equal(0, Allocations.Of(() => DecisionRecord.Write(frame, Model, buffer)));
    }

    private static TurnFrame Finish(ReadValue[] reads, double score)
    {
        var frame = new TurnFrame();
        Assemble(frame, 12.34m, reads[0], reads[1], reads[2]);
        if (double.IsNaN(score))
        {
            frame.DecideWithoutScore();
        }
        else
        {
            frame.Decide([(float)score]);
        }

        return frame;
    }

    private static byte[] Write(TurnFrame frame)
    {
        var buffer = new byte[DecisionRecord.MaxBytes(frame, Model)];
        return buffer[..DecisionRecord.Write(frame, Model, buffer)];
    }

    // Equality of doubles takes one zero for the other and all NaN for the same; a record must not.
    private static long[] Bits(Decision decision) =>
        [BitConverter.DoubleToInt64Bits(decision.Score), .. decision.Outputs.Select(output => BitConverter.DoubleToInt64Bits(output.Value)), .. decision.Features.Select(feature => BitConverter.DoubleToInt64Bits(feature.Value))];
}
