using Grid.Decisions.Plans;
using Grid.Decisions.Turns;
using Grid.Features.Plans;
using Grid.Features.Rows;
using Grid.Models;

namespace Grid.Cli.Freshness;

/// <summary>
/// Makes one decision again and again from other values, with the decision's own plan and model: features that were read at earlier moments, or none.
/// Expressions over them are evaluated anew.
/// </summary>
internal sealed class Variations : IDisposable
{
    private readonly DecisionPlan _plan;
    private readonly FeatureRead[] _reads;
    private readonly IReadOnlyList<Subject> _subjects;
    private readonly TurnFrame _frame = new();
    private readonly ReadValue[][] _values;
    private readonly ReadValue[] _work;
    private readonly ModelCatalog _models = new();
    private readonly Scorer _scorer;

    public Variations(DecisionPlan plan, IReadOnlyList<Subject> subjects)
    {
        (_plan, _subjects) = (plan, subjects);
        _reads = [plan.Own, .. plan.Foreign];
        var inputs = _reads.Sum(read => read.Features.Length);
        _values = [.. Ages.Milliseconds.Select(_ => new ReadValue[inputs])];
        _work = new ReadValue[inputs];
        Count = subjects[^1].Removed + 1;
        var names = plan.Vector.Select(entry => entry.Name).ToList();
        _scorer = _models.Publish(new(plan.Model.Name, plan.Model.File, plan.Model.Input, plan.Model.Score, names.Count, names, Scores: plan.Model.Scores)).CreateScorer(Count);
    }

    /// <summary>How many there are, the decision as it was made included.</summary>
    public int Count { get; }

    /// <summary>Takes what was read of an entity at an age.</summary>
    public void Take(FeatureRead read, int age, EntityFeatures features)
    {
        for (var i = 0; i < read.Features.Length; i++)
        {
            var reading = features.Features[read.Features[i]];
            var newest = reading.AgeMilliseconds == FeatureReading.NoAge ? ReadValue.Nothing : features.At.UnixMilliseconds - reading.AgeMilliseconds;
            _values[age][read.FirstInput + i] = new(Value.Of(reading), newest, reading.Approximate);
        }
    }

    /// <summary>Takes the features of an entity that the request does not name: all missing.</summary>
    public void TakeNone(FeatureRead read)
    {
        foreach (var values in _values)
        {
            values.AsSpan(read.FirstInput, read.Features.Length).Fill(new(Value.Missing, ReadValue.Nothing, false));
        }
    }

    /// <summary>Scores every variation of the request.</summary>
    /// <param name="request">The event that asked.</param>
    /// <param name="outputs">Places of the outputs that are wanted; of none, the score is.</param>
    /// <param name="take">Is told the variation and its numbers, NaN where the model could not score: the outputs, or the score alone.</param>
    public void Score(Event request, IReadOnlyList<int> outputs, Action<int, double[]> take)
    {
        if (!RowReader.TryRead(request, _plan.On, default, EventTime.FromUnixMilliseconds(EventTime.MaxUnixMilliseconds), _frame.Row, out var fault))
        {
            throw GridException.Invalid(fault);
        }

        Score(_frame, outputs, take);
    }

    /// <summary>Scores every variation of the request that a frame holds.</summary>
    /// <param name="frame">The frame. What it read and decided is lost.</param>
    /// <param name="outputs">Places of the outputs that are wanted; of none, the score is.</param>
    /// <param name="take">As above.</param>
    public void Score(TurnFrame frame, IReadOnlyList<int> outputs, Action<int, double[]> take)
    {
        var number = 0;
        foreach (var (subject, age) in All())
        {
            Assemble(frame, subject, age, _scorer.Row(number++));
        }

        _scorer.Run(Count);
        number = 0;
        foreach (var (subject, age) in All())
        {
            var scored = _scorer.Statuses[number] == ScoreStatus.Scored;
            take(number, outputs.Count == 0 ? [scored ? ShortestDecimal.Of(_scorer.ScoresOf(number)[0]) : double.NaN] : Outputs(frame, (subject, age), number, scored, outputs));
            number++;
        }
    }

    public void Dispose()
    {
        _scorer.Dispose();
        _models.Dispose();
    }

    // The age is a place among the ages; one past the last of them takes the subject away.
    private IEnumerable<(Subject? Subject, int Age)> All()
    {
        yield return (null, 0);
        foreach (var subject in _subjects)
        {
            for (var age = Ages.Milliseconds.Length - subject.Variations + 1; age <= Ages.Milliseconds.Length; age++)
            {
                yield return (subject, age);
            }
        }
    }

    private void Assemble(TurnFrame frame, Subject? subject, int age, Span<float> vector)
    {
        _values[0].CopyTo(_work, 0);
        foreach (var input in subject?.Inputs ?? [])
        {
            _work[input] = age < Ages.Milliseconds.Length ? _values[age][input] : new(Value.Missing, ReadValue.Nothing, false);
        }

        frame.Begin(_plan);
        foreach (var read in _reads)
        {
            _work.AsSpan(read.FirstInput, read.Features.Length).CopyTo(frame.ReadsOf(read));
        }

        frame.Assemble(vector);
        if (subject is { Element: >= 0 })
        {
            vector[subject.Element] = float.NaN;
        }
    }

    private double[] Outputs(TurnFrame frame, (Subject? Subject, int Age) varied, int number, bool scored, IReadOnlyList<int> outputs)
    {
        Assemble(frame, varied.Subject, varied.Age, stackalloc float[_plan.Vector.Count]);
        if (scored)
        {
            frame.Decide(_scorer.ScoresOf(number));
        }
        else
        {
            frame.DecideWithoutScore();
        }

        var made = frame.ToDecision("", "", "", "");
        return [.. outputs.Select(place => made.Outputs[place].Value)];
    }
}
