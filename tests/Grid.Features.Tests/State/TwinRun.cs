using Grid.Features.Plans;
using Grid.Features.State;

namespace Grid.Features.Tests.State;

/// <summary>Tells the state and its plain twin the same, and compares everything they read.</summary>
internal sealed class TwinRun : IDisposable
{
    private readonly DefinitionPlan _plan;
    private readonly EventRow _row = new();
    private readonly int[] _features;
    private readonly ReadValue[] _values;
    private int _compared;

    public TwinRun(DefinitionPlan plan)
    {
        _plan = plan;
        Store = new(plan);
        Card = Store.Create(0, "card-1");
        Twin = new(plan);
        _features = [.. Enumerable.Range(0, plan.Kinds[0].Features.Count)];
        _values = new ReadValue[_features.Length];
    }

    public EntityStore Store { get; }

    public EntityHandle Card { get; set; }

    public PlainCard Twin { get; }

    public void Apply(PlainPayment payment)
    {
        payment.Fill(_row);
        Assert.Equal(Twin.Apply(payment), Store.Apply(Card, _row));
    }

    public void Visit(PlainPayment visit)
    {
        visit.FillVisit(_row);
        Assert.Equal(Twin.Apply(visit, timeline: 1), Store.Apply(Card, _row));
    }

    /// <summary>Writes a snapshot, removes the card, and restores it; it must write the same bytes again.</summary>
    public void Reload()
    {
        var (first, again) = (new System.Buffers.ArrayBufferWriter<byte>(), new System.Buffers.ArrayBufferWriter<byte>());
        Store.WriteSnapshot(Card, first);
        Store.Remove(Card);
        Assert.Equal(0, Store.HeldTexts);
        Card = Store.Restore(0, "card-1", first.WrittenSpan);
        Store.WriteSnapshot(Card, again);
        Assert.Equal(first.WrittenSpan.ToArray(), again.WrittenSpan.ToArray());
    }

    public void Amend(PlainReport report)
    {
        report.Fill(_row);
        var expected = Twin.Amend(report);
        Assert.Equal(expected, Store.Amend(Card, StatePlans.Payment, EventTime.FromUnixMilliseconds(report.Payment.At), report.Payment.IdHash, _row));
    }

    public void Compare(long at)
    {
        Store.Read(Card, EventTime.FromUnixMilliseconds(at), _features, _values);

        // The twin takes its time: of a long history, another twentieth of the features is compared each time.
        var step = Twin.Payments.Count > 150 ? 20 : 1;
        for (var feature = step == 1 ? 0 : _compared++ % step; feature < _features.Length; feature += step)
        {
            var expected = Twin.Read(feature, at);
            Assert.True(Same(expected, _values[feature]), $"{_plan.Kinds[0].Features[feature].Name} at {at}: expected {expected}, read {_values[feature]}.");
        }
    }

    public void Dispose() => Store.Dispose();

    public static bool Same(ReadValue left, ReadValue right) =>
        left.Value.IsSameAs(right.Value)
        && left.NewestMilliseconds == right.NewestMilliseconds
        && left.Approximate == right.Approximate;
}
