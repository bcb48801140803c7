using FsCheck;
using FsCheck.Fluent;
using Grid.Decisions.Records;
using Grid.Decisions.Turns;
using Grid.Features.Plans;
using Grid.Json;
using static Grid.Decisions.Tests.Records.RankedCity;

namespace Grid.Decisions.Tests.Records;

public sealed class RankingRecordTests
{
    private const string Model = "score@3fa9c01be2d4";
    private const string Late = "small@9c01be2d43fa";

    private static readonly DecisionShape Shape = DecisionShape.Read(DecisionShape.Of(Plan, "b@1").ToBytes());

    private static readonly Gen<double> Numbers = Gen.OneOf(
        Gen.Choose(-20, 20).Select(n => (double)n),
        Gen.Choose(int.MinValue, int.MaxValue).Select(n => n / 7.0),
        Gen.Elements(0.0, -0.0, double.NaN, double.MaxValue, double.Epsilon, 1L << 53, -(1L << 53), double.PositiveInfinity));

    private static readonly Gen<ReadValue> Reads =
        from number in Numbers
        from text in Gen.Frequency((5, Gen.Constant<string?>(null)), (1, Gen.Elements<string?>("", "naïve", "日本")))
        from newest in Gen.OneOf(Gen.Constant(ReadValue.Nothing), Gen.Choose(0, 1_000_000_000).Select(n => (long)n))
        from approximate in Gen.Elements(true, false)
        select new ReadValue(new(text is null ? number : double.NaN, text), newest, approximate);

    private static readonly Gen<FeatureOrigin> Origins =
        from source in Gen.Frequency((4, Gen.Constant(FeatureSource.Owner)), (3, Gen.Elements(Enum.GetValues<FeatureSource>())))
        from staleness in Gen.OneOf(Gen.Choose(0, 300), Gen.Constant(int.MaxValue))
        select new FeatureOrigin(source, source is FeatureSource.Replica or FeatureSource.StaleReplica ? staleness : 0);

    // Few values and few standings, so that neighbours are often alike: what is the same is written once.
    private static readonly Gen<Drawn> Candidates =
        from km in Gen.Choose(0, 10)
        from cuisine in Gen.Elements<string?>("thai", "thai", "pizza", "日本", null)
        from reads in Gen.Frequency((1, Reads), (2, Gen.Elements(new ReadValue(Value.Of(3), 5, false), new ReadValue(Value.Missing, ReadValue.Nothing, false)))).ArrayOf(InputCount)
        from origins in Origins.ArrayOf(InputCount)
        from score in Gen.Frequency((5, Gen.Choose(0, 1000).Select(n => n / 1000f)), (1, Gen.Constant(float.NaN)))
        select new Drawn(km, cuisine, reads, origins, score);

    private static readonly Gen<Drawn[]> Rankings = Gen.Choose(1, 9).SelectMany(count => Candidates.ArrayOf(count));

    private static readonly Gen<EntityId[]> Misses = Gen.Choose(0, 3).SelectMany(count =>
        (from kind in Gen.Elements("restaurant", "area") from key in Gen.Elements("r1", "", "日本") select new EntityId(kind, key)).ArrayOf(count));

    private static int InputCount => Plan.Own.Features.Length + Plan.Foreign.Sum(read => read.Features.Length);

    [Fact]
    public void The_answer_read_back_equals_the_answer_given()
    {
        var (late, moved, dropped, fallbacks) = (0, 0, 0, 0);
        Prop.ForAll((from ranking in Rankings from timedOut in Misses select (ranking, timedOut)).ToArbitrary(), drawn =>
        {
            var frame = Finish(drawn.ranking);
            var given = frame.ToRanking("d-7", "u", (Model, "b@1"), drawn.timedOut);
            var read = Read(Write(frame, drawn.timedOut));

            Assert.Equal(Portrait(given), Portrait(read));
            Assert.Equal(Portrait(given), Portrait(RankingJson.Read(GridJson.Utf8(given, RankingJson.Write)))); // Over HTTP, too.
            Assert.Equal(Bits(given), Bits(read));
            Assert.Equivalent(given, read, strict: true);
            late += given.Items.Count(item => item.ByFallbackModel);
            moved += given.Items.Count(item => item.Reasons.Contains("diversity"));
            dropped += given.Items.Count(item => item.Place is null);
            fallbacks += given.Items.Count(item => item.Fallback);
        }).QuickCheckThrowOnFailure();

        Assert.All([late, moved, dropped, fallbacks], count => Assert.True(count > 0)); // Else the rankings that were drawn prove little.
    }

    [Fact]
    public void Bytes_that_are_no_record_are_refused_and_never_crash()
    {
        var whole = from ranking in Rankings from timedOut in Misses select Write(Finish(ranking), timedOut);
        var changed = from bytes in whole
                      from places in Gen.Choose(0, 1 << 20).ArrayOf(3)
                      from values in Gen.Choose(0, 255).ArrayOf(3)
                      from length in Gen.Choose(0, bytes.Length)
                      from cut in Gen.Elements(true, false)
                      select Changed(bytes, places, values)[..(cut ? length : bytes.Length)];
        var rubbish = from version in Gen.Elements((byte)0, (byte)1, (byte)2, (byte)3)
                      from bytes in Gen.Choose(0, 255).Select(one => (byte)one).ArrayOf()
                      select (byte[])[version, .. bytes];

        var (read, refused) = (0, 0);
        Prop.ForAll(Gen.Frequency((4, changed), (1, rubbish)).ToArbitrary(), bytes =>
        {
            try
            {
                Portrait(Read(bytes));
                read++;
            }
            catch (InvalidDataException)
            {
                refused++;
            }
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(3_000));

        Assert.True(read > 50 && refused > 50, $"{read} were read and {refused} refused");
    }

    [Fact]
    public void A_cut_record_is_refused_wherever_it_is_cut()
    {
        var one = new Drawn(2, "thai", [.. Enumerable.Repeat(new ReadValue(Value.Of(3), 5, false), InputCount)], new FeatureOrigin[InputCount], 0.5f);
        var whole = Write(Finish([one, one, one with { Km = 9 }]), [new("restaurant", "r9")]);

        for (var length = 0; length < whole.Length; length++)
        {
            Assert.Throws<InvalidDataException>(() => Read(whole[..length]));
        }
    }

    [Fact]
    public void A_record_of_version_1_which_knew_of_no_smaller_model_is_read()
    {
        var one = new Drawn(2, "thai", [.. Enumerable.Repeat(new ReadValue(Value.Of(3), 5, false), InputCount)], new FeatureOrigin[InputCount], 0.5f);
        var frame = Finish([one, one with { Score = 0.75f }]);
        var now = Write(frame, []);
        var smaller = 1 + 1 + Model.Length + 1; // version, model's length, model, no misses
        Assert.Equal((3, 0), (now[0], now[smaller]));

        var read = Read([1, .. now[1..smaller], .. now[(smaller + 1)..]]);

        Assert.Equal(Portrait(frame.ToRanking("d-7", "u", (Model, "b@1"), [])), Portrait(read));
    }

    [Fact]
    public void Record_is_of_the_candidates_that_were_sent_and_of_no_others()
    {
        ReadValue[] reads = [.. Enumerable.Repeat(new ReadValue(Value.Of(3), 5, false), InputCount)];
        var one = new Drawn(2, "thai", reads, new FeatureOrigin[InputCount], 0.5f);
        var frame = Finish([one, one with { Score = 0.75f }, one with { Km = 9 }]);
        var bytes = Write(frame, []);

        Assert.True(RankingRecord.IsOf(bytes, Shape, Begin([(2, "thai"), (2, "thai"), (9, "thai")])));
        Assert.False(RankingRecord.IsOf(bytes, Shape, Begin([(2, "thai"), (2, "thai"), (8, "thai")])));
        Assert.False(RankingRecord.IsOf(bytes, Shape, Begin([(2, "thai"), (2, null), (9, "thai")])));
        Assert.False(RankingRecord.IsOf(bytes, Shape, Begin([(2, "thai"), (2, "thai")])));
        byte[] old = [2, .. bytes[1..]];
        Assert.True(RankingRecord.IsOf(old, Shape, Begin([(1, "pizza"), (1, "pizza"), (1, "pizza")]))); // Version 2 kept the keys alone.
        Assert.False(RankingRecord.IsOf(old, Shape, Begin([(2, "thai"), (2, "thai")])));
    }

    private static byte[] Changed(byte[] bytes, int[] places, int[] values)
    {
        var changed = bytes.ToArray();
        for (var i = 0; i < places.Length; i++)
        {
            changed[places[i] % changed.Length] = (byte)values[i];
        }

        return changed;
    }

    private static RankFrame Finish(Drawn[] drawn)
    {
        var frame = Begin([.. drawn.Select(one => ((decimal)one.Km, one.Cuisine))]);
        var vector = new float[Plan.Vector.Count];
        for (var i = 0; i < frame.Count; i++)
        {
            foreach (var read in Plan.Foreign.Prepend(Plan.Own))
            {
                var isOwn = ReferenceEquals(read, Plan.Own); // The owner reads itself, and is read once for all.
                var from = isOwn ? drawn[0] : drawn[i];
                from.Reads.AsSpan(read.FirstInput, read.Features.Length).CopyTo(frame[i].ReadsOf(read));
                if (!isOwn)
                {
                    from.Origins.AsSpan(read.FirstInput, read.Features.Length).CopyTo(frame[i].OriginsOf(read));
                }
            }

            frame[i].Assemble(vector);
            frame.FallbackModel = frame[i].UsesFallbackModel ? Late : frame.FallbackModel;
            if (float.IsNaN(drawn[i].Score))
            {
                frame[i].DecideWithoutScore();
            }
            else
            {
                frame[i].Decide([drawn[i].Score]);
            }
        }

        frame.Order();
        return frame;
    }

    private static byte[] Write(RankFrame frame, EntityId[] timedOut)
    {
        var buffer = new byte[RankingRecord.MaxBytes(frame, Model, timedOut)];
        return buffer[..RankingRecord.Write(frame, Model, timedOut, buffer)];
    }

    private static Ranking Read(byte[] bytes) => RankingRecord.Read(bytes, Shape, ("d-7", "u", "s", At), duplicate: false);

    private static string Portrait(Ranking ranking) => System.Text.Encoding.UTF8.GetString(GridJson.Utf8(ranking, RankingJson.Write).Span);

    // Equality of doubles takes one zero for the other and all NaN for the same; a record must not.
    private static long[] Bits(Ranking ranking) =>
    [
        .. ranking.Items.SelectMany(item => item.Features.Select(feature => feature.Value).Concat(item.Outputs.Select(output => output.Value)).Append(item.Score))
            .Select(BitConverter.DoubleToInt64Bits),
    ];

    private sealed record Drawn(int Km, string? Cuisine, ReadValue[] Reads, FeatureOrigin[] Origins, float Score);
}
