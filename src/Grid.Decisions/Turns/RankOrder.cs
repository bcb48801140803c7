using Grid.Decisions.Plans;
using Grid.Features.Plans;

namespace Grid.Decisions.Turns;

/// <summary>Orders candidates by a number, then spreads equal values for diversity; dropped candidates come last.</summary>
internal sealed class RankOrder
{
    private readonly Dictionary<Value, int> _seen = [];
    private readonly List<int> _late = [];
    private double[] _by = [];

    /// <summary>The candidates: first those with a place, then the dropped ones in request order.</summary>
    public List<int> Candidates { get; } = [];

    /// <summary>The number of candidates with a place.</summary>
    public int Placed { get; private set; }

    /// <summary>The candidates moved down for diversity.</summary>
    public HashSet<int> Moved { get; } = [];

    public void Make(RankFrame frame)
    {
        var order = frame.Plan.Candidates!.Order;
        Candidates.Clear();
        Moved.Clear();
        _by = _by.Length < frame.Count ? new double[frame.Count] : _by;
        for (var i = 0; i < frame.Count; i++)
        {
            if (!order.Drop.Contains(frame[i].Rule.Action))
            {
                _by[i] = frame[i].Evaluate(order.By).Number;
                Candidates.Add(i);
            }
        }

        Candidates.Sort(Compare);
        Placed = Candidates.Count;
        if (order.Diversity is { } diversity)
        {
            Spread(frame, diversity);
        }

        for (var i = 0; i < frame.Count; i++)
        {
            if (order.Drop.Contains(frame[i].Rule.Action))
            {
                Candidates.Add(i);
            }
        }
    }

    // NaN compares as less than every number, so missing values come last.
    private int Compare(int left, int right) => _by[right].CompareTo(_by[left]) is var by and not 0 ? by : left.CompareTo(right);

    /// <summary>
    /// Fills the first places, best candidates first, skipping those that would exceed the limit for their value. Skipped candidates follow
    /// these places, or fill the rest of them if there are no others.
    /// </summary>
    private void Spread(RankFrame frame, DiversityPlan diversity)
    {
        _seen.Clear();
        _late.Clear();
        var (taken, read) = (0, 0);
        for (; read < Candidates.Count && taken < diversity.Among; read++)
        {
            var candidate = Candidates[read];
            var value = frame[candidate].Evaluate(diversity.By);
            var before = value.IsMissing ? 0 : _seen.GetValueOrDefault(value);
            if (before >= diversity.Most)
            {
                _late.Add(candidate);
                continue;
            }

            if (!value.IsMissing)
            {
                _seen[value] = before + 1;
            }

            Candidates[taken++] = candidate;
        }

        // Skipped candidates precede those not examined, because they rank higher.
        for (var i = 0; i < _late.Count; i++)
        {
            Candidates[taken + i] = _late[i];
            if (Compare(_late[i], Candidates[taken - 1]) < 0)
            {
                Moved.Add(_late[i]);
            }
        }
    }
}
