using System.Buffers;
using Grid.Features.Plans;
using Grid.Features.State;

namespace Grid.Features.Tests.State.Intervals;

/// <summary>Tells the state and its plain twin the same, and compares what they read.</summary>
internal sealed class SpanRun : IDisposable
{
    private readonly DefinitionPlan _plan;
    private readonly Dictionary<string, (string Starts, string[] Ends, bool Filtered)> _meanings;
    private readonly EventRow _row = new();
    private readonly int[] _features;
    private readonly ReadValue[] _values;

    public SpanRun(DefinitionPlan plan, Dictionary<string, (string Starts, string[] Ends, bool Filtered)> meanings)
    {
        (_plan, _meanings) = (plan, meanings);
        Store = new(plan);
        Area = Store.Create(0, "a");
        Twin = new(plan);
        _features = [.. plan.Kinds[0].Features.Select(feature => feature.Ordinal)];
        _values = new ReadValue[_features.Length];
    }

    public EntityStore Store { get; }

    public EntityHandle Area { get; private set; }

    public PlainArea Twin { get; }

    public void Apply(PlainHappening happening)
    {
        happening.Fill(_row, _plan);
        Assert.Equal(Twin.Apply(happening), Store.Apply(Area, _row));
    }

    public void Compare(long at)
    {
        Store.Read(Area, EventTime.FromUnixMilliseconds(at), _features, _values);
        foreach (var feature in _plan.Kinds[0].Features.Where(feature => feature.Span is not null))
        {
            var (starts, ends, filtered) = _meanings[feature.Name];
            var (expected, read) = (Twin.Read(feature, at, starts, ends, filtered), _values[feature.Ordinal]);
            Assert.True(TwinRun.Same(expected, read), $"{feature.Name} at {at}: expected {expected}, read {read}.");
        }
    }

    public IEnumerable<double> Read(string name, params long[] moments)
    {
        var feature = _plan.Kinds[0].Features.Single(feature => feature.Name == name).Ordinal;
        foreach (var at in moments)
        {
            Store.Read(Area, EventTime.FromUnixMilliseconds(at), [feature], _values);
            yield return _values[0].Value.Number;
        }
    }

    public string ReadSome(long at)
    {
        Store.Read(Area, EventTime.FromUnixMilliseconds(at), _features, _values);
        return string.Join(';', _values);
    }

    public byte[] Snapshot()
    {
        var to = new ArrayBufferWriter<byte>();
        Store.WriteSnapshot(Area, to);
        return to.WrittenSpan.ToArray();
    }

    public void Reload()
    {
        var bytes = Snapshot();
        Store.Remove(Area);
        Area = Store.Restore(0, "a", bytes);
        Assert.Equal(bytes, Snapshot());
    }

    public void Dispose() => Store.Dispose();
}
