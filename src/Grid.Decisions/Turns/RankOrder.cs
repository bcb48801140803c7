using Grid.Decisions.Plans;
using Grid.Features.Plans;

namespace Grid.Decisions.Turns;

/// <summary>Puts candidates in their order: by a number, then apart where too many of a value would stand together, those that are dropped last.</summary>
internal sealed class RankOrder
{
    private readonly Dictionary<Value, int> _seen = [];
    private readonly List<int> _late = [];
    private double[] _by = [];

    /// <summary>The candidates: first those with a place, then those that are dropped, as they were sent.</summary>
    public List<int> Candidates { get; } = [];

    /// <summary>How many have a place.</summary>
    public int Placed { get; private set; }

    /// <summary>Those that were moved down for diversity's sake.</summary>
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

    // NaN is less than every number, which is where it belongs: last.
    private int Compare(int left, int right) => _by[right].CompareTo(_by[left]) is var by and not 0 ? by : left.CompareTo(right);

    /// <summary>
    /// Fills the first places from the best on and passes over what would be one too many of its value. Who was passed over comes behind
    /// these places, or into what is left of them where nothing else is.
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

        // What was passed over stands before all that was not looked at, for it is better.
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
