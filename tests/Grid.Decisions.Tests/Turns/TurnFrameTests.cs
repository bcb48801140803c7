using Grid.Decisions.Turns;
using Grid.Features.Plans;
using static Grid.Decisions.Tests.Turns.SmallDecision;

namespace Grid.Decisions.Tests.Turns;

public sealed class TurnFrameTests
{
    private readonly TurnFrame _frame = new();

    [Fact]
    public void The_vector_holds_fields_features_and_expressions_in_the_models_order()
    {
        var vector = Assemble(_frame, 12.34m, Read(3), Read(8), Read(0.25));

        Assert.Equal([12.34f, 3f, 24.68f, 0.25f], vector);
    }

    [Fact]
    public void A_missing_feature_reaches_the_model_as_NaN_and_the_answer_without_an_age()
    {
        var vector = Assemble(_frame, 1m, Read(3), Read(8), new(Value.Missing, ReadValue.Nothing, false));
        _frame.Decide([0.1f]);

        Assert.True(float.IsNaN(vector[3]));
        var risk = Answer().Features[3];
        Assert.True(risk.IsMissing);
        Assert.Equal(FeatureReading.NoAge, risk.AgeMilliseconds);
    }

    [Theory]
    [InlineData(0.5, 11, "decline")]
    [InlineData(0.49, 11, "approve")]
    [InlineData(0.5, 10, "approve")]
    public void The_first_rule_that_holds_decides(double score, double mean, string action)
    {
        Assemble(_frame, 1m, Read(3), Read(mean), Read(0));

        _frame.Decide([(float)score]);

        Assert.Equal(action, Answer().Action);
        Assert.False(Answer().Fallback);
    }

    [Theory]
    [InlineData(0.9f, 0.9, 0.45)]
    [InlineData(0.1f, 0.1, 0.05)]
    [InlineData(0.000129f, 0.000129, 0.0000645)]
    public void A_score_is_the_shortest_decimal_of_the_models_float(float given, double score, double half)
    {
        Assemble(_frame, 1m, Read(3), Read(8), Read(0));

        _frame.Decide([given]);

        Assert.Equal((score, half), (Answer().Score, Answer().Outputs[0].Value));
    }

    [Fact]
    public void Outputs_are_computed_of_the_score_and_missing_without_one()
    {
        Assemble(_frame, 1m, Read(3), Read(99), Read(0));

        _frame.Decide([0.5f]);
        Assert.Equal([new("half", 0.25)], Answer().Outputs);

        _frame.DecideWithoutScore();
        Assert.Equal([new("half", double.NaN)], Answer().Outputs);
    }

    [Fact]
    public void Without_a_score_the_declared_fallback_is_taken_and_marked()
    {
        Assemble(_frame, 1m, Read(3), Read(99), Read(0));

        _frame.DecideWithoutScore();

        var answer = Answer();
        Assert.Equal(("review", true), (answer.Action, answer.Fallback));
        Assert.Equal(["model_unavailable"], answer.Reasons);
        Assert.True(double.IsNaN(answer.Score));
    }

    [Fact]
    public void Every_feature_of_the_answer_carries_its_age()
    {
        Assemble(_frame, 1m, Read(3, newest: 1_000_000), Read(8), Read(0.25, newest: 400_000, approximate: true));
        _frame.Decide([0.9f]);

        var answer = Answer();

        Assert.Equal([0L, 0L, 0L, 600_000L], answer.Features.Select(feature => feature.AgeMilliseconds));
        Assert.True(answer.Features[3].Approximate);
    }

    [Fact]
    public void A_frame_keeps_nothing_of_the_turn_before()
    {
        Assemble(_frame, 1m, Read(3), Read(99), Read(0));
        _frame.Decide([0.9f]);

        Assemble(_frame, 1m, Read(3), Read(99), Read(0));

        Assert.True(_frame.IsFallback);
        Assert.True(double.IsNaN(_frame.Score));
    }

    [Fact]
    public void A_turn_allocates_nothing_but_its_answer()
    {
        var (vector, score) = (new float[4], new[] { 0.7f });
        Assemble(_frame, 12.34m, Read(3), Read(8), Read(0.25));

        Assert.Equal(0, Allocations.Of(() =>
        {
            for (var i = 0; i < 1_000; i++)
            {
                Turn();
            }
        }));

        void Turn()
        {
            _frame.Begin(Plan);
            _frame.Assemble(vector);
            _frame.Decide(score);
        }
    }

    private Decision Answer() => _frame.ToDecision("d-1", "4242", "m@1", "b@1");
}
