using Grid.Decisions.Plans;

namespace Grid.Cli.Freshness;

/// <summary>What is made older or taken away: a feature, all features that are read from one kind of entity, or an element of the vector that comes with the request.</summary>
/// <param name="Name">As the report names it.</param>
/// <param name="Tier">Where it comes from: <c>streaming</c>, <c>batch</c> or <c>on demand</c>.</param>
/// <param name="Inputs">Places among the decision's inputs; empty of an element that comes with the request, which has no age.</param>
/// <param name="Element">Place in the vector of what is only ever taken away; -1 of what has inputs.</param>
/// <param name="First">The number of the first variation that is about it: one per age above zero where it has inputs, then the one without it.</param>
internal sealed record Subject(string Name, string Tier, IReadOnlyList<int> Inputs, int Element, int First)
{
    /// <summary>How many variations are about it.</summary>
    public int Variations => Inputs.Count == 0 ? 1 : Ages.Milliseconds.Length;

    /// <summary>The variation without it.</summary>
    public int Removed => First + Variations - 1;

    /// <summary>The variation where it is so old; null where it has no age.</summary>
    /// <param name="age">Place in <see cref="Ages.Milliseconds"/>, from 1.</param>
    public int? Aged(int age) => Inputs.Count == 0 ? null : First + age - 1;

    /// <summary>All that a decision is made from: each kind whole, then each feature, then what comes with the request. Variation 0 is the decision as it was made.</summary>
    public static IReadOnlyList<Subject> Of(DecisionPlan decision)
    {
        var subjects = new List<Subject>();
        var next = 1;
        FeatureRead[] reads = [decision.Own, .. decision.Foreign];
        foreach (var read in reads.Where(read => read.Features.Length > 1))
        {
            Add($"{read.Kind.Name}, all {read.Features.Length}", TierOf(read), [.. Enumerable.Range(read.FirstInput, read.Features.Length)], -1);
        }

        foreach (var read in reads)
        {
            for (var i = 0; i < read.Features.Length; i++)
            {
                var feature = read.Kind.Features[read.Features[i]];
                Add(feature.FullName, feature.Batch is null ? "streaming" : "batch", [read.FirstInput + i], -1);
            }
        }

        var features = reads.Sum(read => read.Features.Length);
        for (var element = 0; element < decision.Vector.Count; element++)
        {
            if (decision.Vector[element] is { } entry && (entry.Slot >= 0 || entry.Input >= features))
            {
                Add(entry.Name, "on demand", [], element);
            }
        }

        return subjects;

        void Add(string name, string tier, IReadOnlyList<int> inputs, int element)
        {
            subjects.Add(new(name, tier, inputs, element, next));
            next += subjects[^1].Variations;
        }
    }

    private static string TierOf(FeatureRead read)
    {
        var batch = read.Features.Count(feature => read.Kind.Features[feature].Batch is not null);
        return batch == 0 ? "streaming" : batch == read.Features.Length ? "batch" : "streaming, batch";
    }
}
