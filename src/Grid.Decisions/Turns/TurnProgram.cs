using Grid.Decisions.Plans;

namespace Grid.Decisions.Turns;

/// <summary>A decision's plan as arrays, in the form that a turn runs through: made once per plan.</summary>
internal sealed class TurnProgram
{
    public TurnProgram(DecisionPlan plan)
    {
        FirstOnDemand = plan.Foreign.Aggregate(plan.Own.Features.Length, (sum, read) => sum + read.Features.Length);
        OnDemand = [.. plan.OnDemand];
        Outputs = [.. plan.Outputs];
        Rules = [.. plan.Rules];
        Names = [.. plan.Vector.Select(entry => entry.Name)];
        Fields = [.. plan.Vector.Where(entry => entry.Slot >= 0).Select(entry => entry.Slot)];
        Sources = new int[plan.Vector.Count];
        var fields = 0;
        for (var i = 0; i < Sources.Length; i++)
        {
            Sources[i] = plan.Vector[i].Slot >= 0 ? ~fields++ : plan.Vector[i].Input;
        }

        FallbackSources = plan.FallbackModel is { } late ? [.. late.Elements.Select(element => Sources[element])] : [];
    }

    /// <summary>How many inputs are read from entities; the on-demand features come after them.</summary>
    public int FirstOnDemand { get; }

    public OnDemandPlan[] OnDemand { get; }

    public OnDemandPlan[] Outputs { get; }

    public PolicyRule[] Rules { get; }

    /// <summary>Names of the vector's elements.</summary>
    public string[] Names { get; }

    /// <summary>Slots of the vector's request fields, in the vector's order.</summary>
    public int[] Fields { get; }

    /// <summary>Per element of the vector: a place among the inputs, or the complement of a place in <see cref="Fields"/>.</summary>
    public int[] Sources { get; }

    /// <summary>As <see cref="Sources"/>, per element of the fallback model's vector; none where the decision has no such model.</summary>
    public int[] FallbackSources { get; }
}
