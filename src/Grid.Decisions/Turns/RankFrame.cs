using Grid.Decisions.Plans;
using Grid.Features.Plans;
using Grid.Features.Rows;

namespace Grid.Decisions.Turns;

/// <summary>
/// The reusable working memory of a turn over many candidates: a <see cref="TurnFrame"/> for each. The host calls <see cref="Begin"/> and
/// <see cref="TryAdd"/>, reads features into the frames, assembles, scores and decides each, and then calls <see cref="Order"/>. Pure, like
/// the frames.
/// </summary>
internal sealed class RankFrame
{
    private readonly List<TurnFrame> _frames = [];
    private readonly EventRow _candidate = new();
    private readonly Dictionary<string, int> _keys = new(StringComparer.Ordinal);
    private readonly RankOrder _order = new();
    private EventRow _request = null!;

    /// <summary>The current decision.</summary>
    public DecisionPlan Plan { get; private set; } = null!;

    /// <summary>The number of candidates.</summary>
    public int Count { get; private set; }

    /// <summary>The fallback model that scored candidates, with its version; null if it scored none. Set by the host.</summary>
    public string? FallbackModel { get; set; }

    /// <summary>The frame of a candidate, in the order of the request.</summary>
    public TurnFrame this[int candidate] => _frames[candidate];

    /// <summary>The number of candidates with a place. Valid after <see cref="Order"/>.</summary>
    public int Placed => _order.Placed;

    /// <summary>Prepares the frame for a decision on a request.</summary>
    /// <param name="plan">A decision with candidates.</param>
    /// <param name="request">The request, in the layout of its event type. Must not change until all candidates are added.</param>
    public void Begin(DecisionPlan plan, EventRow request)
    {
        (Plan, _request, Count, FallbackModel) = (plan, request, 0, null);
        _keys.Clear();
    }

    /// <summary>Prepares the frame for a decision on a request and adds all its candidates.</summary>
    /// <param name="plan">A decision with candidates.</param>
    /// <param name="request">The request, in the layout of its event type.</param>
    /// <param name="candidates">The candidates' fields.</param>
    /// <returns>The first validation error; null if there is none.</returns>
    public ValidationError? TryBegin(DecisionPlan plan, EventRow request, IReadOnlyList<Event> candidates)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(candidates);
        var most = plan.Candidates!.Most;
        if (candidates.Count == 0 || candidates.Count > most)
        {
            return new("candidates", $"{candidates.Count} candidates", $"1 to {most} of them");
        }

        Begin(plan, request);
        foreach (var candidate in candidates)
        {
            if (!TryAdd(candidate, out var fault))
            {
                return fault;
            }
        }

        return null;
    }

    /// <summary>Adds a candidate.</summary>
    /// <param name="candidate">Its fields.</param>
    /// <param name="fault">The validation error, with the candidate's index in the field: <c>candidates[3].distance_km</c>.</param>
    public bool TryAdd(Event? candidate, out ValidationError? fault)
    {
        var plan = Plan.Candidates!;
        if (candidate is null)
        {
            fault = new($"candidates[{Count}]", "nothing", "the fields of a candidate");
            return false;
        }

        if (!RowReader.TryRead(candidate, plan.Fields, default, default, _candidate, out fault))
        {
            fault = fault with { Field = Named(fault.Field) };
            return false;
        }

        var key = _candidate[plan.Fields.IdSlot].Text!;
        if (!_keys.TryAdd(key, Count))
        {
            fault = new(Named(plan.Fields.Fields[plan.Fields.IdSlot].Name), $"the {plan.Kind.Name} of candidates[{_keys[key]}] again", "each candidate once");
            return false;
        }

        if (_frames.Count == Count)
        {
            _frames.Add(new());
        }

        Fill(_frames[Count++]);
        return true;
    }

    /// <summary>Moves the request to another time and resets the turns of all candidates.</summary>
    public void TakeTime(EventTime at)
    {
        for (var i = 0; i < Count; i++)
        {
            _frames[i].Row.TakeTime(at);
            _frames[i].Begin(Plan);
        }
    }

    /// <summary>Copies the features of an entity from the first candidate's frame to all others.</summary>
    public void Share(FeatureRead read)
    {
        for (var i = 1; i < Count; i++)
        {
            _frames[i].TakeReads(read, _frames[0]);
        }
    }

    /// <summary>Orders the candidates. Each must have decided.</summary>
    public void Order() => _order.Make(this);

    /// <summary>The candidate at an index of the answer: those with a place first, then those that are dropped.</summary>
    public int CandidateAt(int place) => _order.Candidates[place];

    /// <summary>Creates the answer, which shares nothing with the frame.</summary>
    /// <param name="id">The ranking's id.</param>
    /// <param name="owner">The owner's key.</param>
    /// <param name="names">The model and the bundle, with their versions.</param>
    /// <param name="timedOut">The entities that timed out.</param>
    public Ranking ToRanking(string id, string owner, (string Model, string Bundle) names, IReadOnlyList<EntityId> timedOut)
    {
        var items = new RankedItem[Count];
        for (var i = 0; i < items.Length; i++)
        {
            items[i] = _frames[CandidateAt(i)].ToItem(i < Placed ? i + 1 : null, MovedAt(i));
        }

        return new()
        {
            Id = id,
            Name = Plan.Name,
            Owner = new(Plan.Owner.Name, owner),
            EventId = _frames[0].Row.Id,
            At = _frames[0].Row.At,
            Items = items,
            Model = names.Model,
            FallbackModel = FallbackModel,
            Bundle = names.Bundle,
            Fallback = items.Any(item => item.Fallback),
            TimedOut = timedOut,
        };
    }

    /// <summary>Why the candidate at an index of the answer was moved down; null if it was not.</summary>
    internal string? MovedAt(int place) => _order.Moved.Contains(CandidateAt(place)) ? Plan.Candidates!.Order.Diversity!.Reason : null;

    private string Named(string field) => field.Length == 0 ? $"candidates[{Count}]" : $"candidates[{Count}].{field}";

    private void Fill(TurnFrame frame)
    {
        frame.Row.Reset(Plan.RowPlan);
        var first = Plan.Candidates!.FirstSlot;
        for (var i = 0; i < first; i++)
        {
            frame.Row.Set(i, _request[i]);
        }

        for (var i = 0; i < _candidate.Slots.Length; i++)
        {
            frame.Row.Set(first + i, _candidate[i]);
        }

        frame.Row.Seal();
        frame.Begin(Plan);
    }
}
