using Grid.Features.Plans;

namespace Grid.Decisions.Definitions;

/// <summary>
/// Gives every input of a decision its place. Expressions are compiled twice: first to see what they need (places are 0 then), and, once
/// all that is needed is known and <see cref="Fix"/> was called, with the places.
/// </summary>
internal sealed class InputLayout(KindPlan owner, int scores)
{
    private readonly List<(KindPlan Kind, List<int> Features)> _blocks = [(owner, [])];
    private readonly List<string> _onDemand = [];
    private readonly List<string> _outputs = [];
    private bool _fixed;

    /// <summary>The owner's features, then those of each other kind in the order in which they were first needed.</summary>
    public IReadOnlyList<(KindPlan Kind, List<int> Features)> Blocks => _blocks;

    /// <summary>What is read from entities, in the order of the inputs.</summary>
    public IEnumerable<FeaturePlan> Features => _blocks.SelectMany(block => block.Features.Select(feature => block.Kind.Features[feature]));

    /// <summary>Where the first score goes.</summary>
    public int Score => OnDemandStart + _onDemand.Count;

    /// <summary>How many inputs there are.</summary>
    public int Count => Score + scores + _outputs.Count;

    private int OnDemandStart => _blocks.Sum(block => block.Features.Count);

    public void Fix() => _fixed = true;

    /// <summary>Where the first feature of a block goes.</summary>
    public int FirstOf(int block) => _blocks.Take(block).Sum(before => before.Features.Count);

    /// <summary>The place of a feature, which is needed from now on.</summary>
    public int Feature(KindPlan kind, int feature)
    {
        var block = _blocks.FindIndex(known => known.Kind == kind);
        if (block < 0)
        {
            block = _blocks.Count;
            _blocks.Add((kind, []));
        }

        var features = _blocks[block].Features;
        if (!features.Contains(feature))
        {
            features.Add(feature);
        }

        return _fixed ? FirstOf(block) + features.IndexOf(feature) : 0;
    }

    /// <summary>The place of an on-demand feature.</summary>
    public int OnDemand(string name)
    {
        if (!_onDemand.Contains(name))
        {
            _onDemand.Add(name);
        }

        return _fixed ? OnDemandStart + _onDemand.IndexOf(name) : 0;
    }

    /// <summary>The place of an output.</summary>
    public int Output(string name)
    {
        if (!_outputs.Contains(name))
        {
            _outputs.Add(name);
        }

        return _fixed ? Score + scores + _outputs.IndexOf(name) : 0;
    }
}
