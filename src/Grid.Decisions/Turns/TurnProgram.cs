using Grid.Decisions.Plans;

namespace Grid.Decisions.Turns;

/// <summary>A decision's plan as arrays, for fast execution; created once per plan.</summary>
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

    /// <summary>The number of inputs read from entities; the on-demand features follow them.</summary>
    public int FirstOnDemand { get; }

    public OnDemandPlan[] OnDemand { get; }

    public OnDemandPlan[] Outputs { get; }

    public PolicyRule[] Rules { get; }

    /// <summary>Names of the vector's elements.</summary>
    public string[] Names { get; }

    /// <summary>Slots of the vector's request fields, in the vector's order.</summary>
    public int[] Fields { get; }

    /// <summary>By element of the vector: an index of the inputs, or the complement of an index into <see cref="Fields"/>.</summary>
    public int[] Sources { get; }

    /// <summary>Like <see cref="Sources"/>, for the fallback model's vector; empty if the decision has no fallback model.</summary>
    public int[] FallbackSources { get; }
}
