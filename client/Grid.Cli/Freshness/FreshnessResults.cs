using Grid.Decisions.Plans;

namespace Grid.Cli.Freshness;

/// <summary>What was scored of each decision in each variation, and what reading cost.</summary>
internal sealed class FreshnessResults
{
    private readonly List<Decision> _decisions = [];
    private readonly List<double>[] _numbers;
    private bool[] _counts = [];

    /// <exception cref="UsageException">The request lacks what the truth is compared with.</exception>
    public FreshnessResults(DecisionPlan decision, Truth truth, FreshnessRequest request)
    {
        (Decision, Truth, Request) = (decision, truth, request);
        Subjects = Subject.Of(decision);
        _numbers = [.. Enumerable.Range(0, Subjects[^1].Removed + 1).Select(_ => new List<double>())];
        Costs = [new(decision.Own, isOwn: true), .. decision.Foreign.Select(read => new ReadCosts(read, isOwn: false))];
        Alert = request.Alert ?? decision.Rules[0].Action;
        if (truth.IsYesOrNo)
        {
            return;
        }

        var names = decision.Outputs.Select(output => output.Name).ToList();
        if (request.Predicts is null || request.Low is null != request.High is null)
        {
            throw new UsageException($"'{truth.Words}' is compared with an output: --predicts NAME, and --low NAME and --high NAME where there is a range. Outputs are {string.Join(", ", names)}.");
        }

        string[] wanted = request.Low is null ? [request.Predicts] : [request.Predicts, request.Low, request.High!];
        Outputs = [.. wanted.Select(name => names.IndexOf(name) is var place and >= 0 ? place : throw GridException.Unknown("output", name, names))];
    }

    public DecisionPlan Decision { get; }

    public Truth Truth { get; }

    public FreshnessRequest Request { get; }

    public IReadOnlyList<Subject> Subjects { get; }

    public IReadOnlyList<ReadCosts> Costs { get; }

    /// <summary>Places of the outputs that are compared; none where the score is.</summary>
    public IReadOnlyList<int> Outputs { get; } = [];

    /// <summary>The action that raises an alert.</summary>
    public string Alert { get; }

    /// <summary>How many decisions came out otherwise when they were made again from the same values.</summary>
    public int Unequal { get; private set; }

    /// <summary>How many decisions are judged.</summary>
    public int Judged => Counts.Count(counts => counts);

    /// <summary>Of the judged ones, how many raised an alert as they were made.</summary>
    public int Alerts => _decisions.Where((made, i) => Counts[i] && made.Action == Alert).Count();

    /// <summary>Of the judged ones, how many turned out to be true.</summary>
    public int True => _decisions.Where((made, i) => Counts[i] && Truth.Find(made.EventId, made.At) == 1).Count();

    /// <summary>From the first decision to the last, in seconds.</summary>
    public double Seconds => _decisions.Count < 2 ? double.NaN : (_decisions[^1].At.UnixMilliseconds - _decisions[0].At.UnixMilliseconds) / 1e3;

    public int Decisions => _decisions.Count;

    public int Entities { get; private set; }

    public long Bytes { get; private set; }

    private bool[] Counts => _counts.Length == _decisions.Count ? _counts : _counts = [.. _decisions.Select(IsJudged)];

    public void Begin(Decision made) => _decisions.Add(made);

    /// <summary>Takes the numbers of one variation of the decision that began last.</summary>
    public void Take(int variation, double[] numbers)
    {
        _numbers[variation].AddRange(numbers);
        if (variation == 0)
        {
            var made = _decisions[^1];
            var same = Outputs.Count == 0 ? numbers[0].Equals(made.Score) : Outputs.Select((place, i) => made.Outputs[place].Value.Equals(numbers[i])).All(equal => equal);
            Unequal += same ? 0 : 1;
        }
    }

    public void Held(int entities, long bytes) => (Entities, Bytes) = (entities, bytes);

    /// <summary>A variation's figures: recall and average precision, or mean absolute error and the share that its range covers (NaN without a range).</summary>
    public (double First, double Second) Figures(int variation)
    {
        var rows = Enumerable.Range(0, _decisions.Count).Where(i => Counts[i]).ToList();
        var width = Math.Max(1, Outputs.Count);
        double[] Column(int place) => [.. rows.Select(i => _numbers[variation][(i * width) + place])];
        double[] truth = [.. rows.Select(i => Truth.Find(_decisions[i].EventId, _decisions[i].At)!.Value)];
        if (Truth.IsYesOrNo)
        {
            bool[] held = [.. truth.Select(value => value != 0)];
            return (Freshness.Alerts.Recall(Column(0), held, Alerts), Freshness.Alerts.AveragePrecision(Column(0), held));
        }

        var covered = Outputs.Count == 1 ? double.NaN : Arrivals.Covered(Column(1), Column(2), truth);
        return (Arrivals.MeanAbsoluteError(Column(0), truth), covered);
    }

    private bool IsJudged(Decision made) =>
        (Request.Only is null || made.Action == Request.Only)
        && Truth.Find(made.EventId, made.At) is { } truth
        && (Truth.IsYesOrNo || (truth > 0 && !(truth >= Request.Most)));
}
