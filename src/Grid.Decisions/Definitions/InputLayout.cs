using Grid.Features.Plans;

namespace Grid.Decisions.Definitions;

/// <summary>
/// Assigns an index to every input of a decision. Expressions are compiled twice: first to collect the inputs they use (with all indexes
/// 0), and, once all are known and <see cref="Fix"/> was called, with the final indexes.
/// </summary>
internal sealed class InputLayout(KindPlan owner, int scores)
{
    private readonly List<(KindPlan Kind, List<int> Features)> _blocks = [(owner, [])];
    private readonly List<string> _onDemand = [];
    private readonly List<string> _outputs = [];
    private bool _fixed;

    /// <summary>The owner's features, then those of each other kind in order of first use.</summary>
    public IReadOnlyList<(KindPlan Kind, List<int> Features)> Blocks => _blocks;

    /// <summary>The features read from entities, in the order of the inputs.</summary>
    public IEnumerable<FeaturePlan> Features => _blocks.SelectMany(block => block.Features.Select(feature => block.Kind.Features[feature]));

    /// <summary>Index of the first score.</summary>
    public int Score => OnDemandStart + _onDemand.Count;

    /// <summary>The number of inputs.</summary>
    public int Count => Score + scores + _outputs.Count;

    private int OnDemandStart => _blocks.Sum(block => block.Features.Count);

    public void Fix() => _fixed = true;

    /// <summary>Index of the first feature of a block.</summary>
    public int FirstOf(int block) => _blocks.Take(block).Sum(before => before.Features.Count);

    /// <summary>The index of a feature; adds it if necessary.</summary>
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

    /// <summary>The index of an on-demand feature; adds it if necessary.</summary>
    public int OnDemand(string name)
    {
        if (!_onDemand.Contains(name))
        {
            _onDemand.Add(name);
        }

        return _fixed ? OnDemandStart + _onDemand.IndexOf(name) : 0;
    }

    /// <summary>The index of an output; adds it if necessary.</summary>
    public int Output(string name)
    {
        if (!_outputs.Contains(name))
        {
            _outputs.Add(name);
        }

        return _fixed ? Score + scores + _outputs.IndexOf(name) : 0;
    }
}
