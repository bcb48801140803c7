namespace Grid.Features.Tests.State;

/// <summary>A plan whose columns do not keep what its features read is refused, never read wrong.</summary>
public sealed class MisfitTests
{
    [Theory]
    [InlineData(Aggregation.Sum, ColumnStorage.Fixed, false, true)]
    [InlineData(Aggregation.Mean, ColumnStorage.Fixed, false, true)]
    [InlineData(Aggregation.StdDev, ColumnStorage.Fixed, true, true)]
    [InlineData(Aggregation.Min, ColumnStorage.Fixed, true, false)]
    [InlineData(Aggregation.Max, ColumnStorage.Fixed, true, false)]
    [InlineData(Aggregation.Sum, ColumnStorage.Number, true, true)]
    [InlineData(Aggregation.Mean, ColumnStorage.Text, true, true)]
    [InlineData(Aggregation.Min, ColumnStorage.Text, true, true)]
    [InlineData(Aggregation.None, ColumnStorage.Fixed, true, true)]
    [InlineData(Aggregation.Open, ColumnStorage.Fixed, true, true)]
    [InlineData(Aggregation.Quantile, ColumnStorage.Text, true, true)]
    [InlineData(Aggregation.Last, ColumnStorage.Hash, true, true)]
    [InlineData(Aggregation.Quantile, ColumnStorage.Hash, true, true)]
    public void A_column_that_does_not_keep_what_a_feature_reads_is_refused_by_name(Aggregation aggregation, ColumnStorage storage, bool summed, bool ranged)
    {
        var slot = storage switch { ColumnStorage.Text or ColumnStorage.Hash => StatePlans.Shop, ColumnStorage.Number => StatePlans.Weight, _ => StatePlans.Amount };
        var plan = Plan(aggregation, 0, new ColumnPlan { Ordinal = 0, Slot = slot, Storage = storage, Summed = summed, Ranged = ranged });

        var refused = Assert.Throws<ArgumentException>(() => new EntityStore(plan));

        Assert.Contains("'card.odd'", refused.Message, StringComparison.Ordinal);
        Assert.Contains(aggregation.ToString(), refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Aggregation.Sum)]
    [InlineData(Aggregation.Last)]
    [InlineData(Aggregation.Distinct)]
    public void An_aggregation_of_values_without_a_column_is_refused(Aggregation aggregation) =>
        Assert.Contains("'card.odd'", Assert.Throws<ArgumentException>(() => new EntityStore(Plan(aggregation, -1))).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData(Aggregation.Count, false, false, false)]
    [InlineData(Aggregation.Distinct, false, false, false)]
    [InlineData(Aggregation.First, false, false, false)]
    [InlineData(Aggregation.Sum, true, false, false)]
    [InlineData(Aggregation.Mean, false, true, false)]
    [InlineData(Aggregation.StdDev, false, true, false)]
    [InlineData(Aggregation.Min, false, false, true)]
    public void No_more_is_asked_of_a_column_than_is_read(Aggregation aggregation, bool summed, bool squared, bool ranged)
    {
        using var store = new EntityStore(Plan(
            aggregation, 0, new ColumnPlan { Ordinal = 0, Slot = StatePlans.Amount, Storage = ColumnStorage.Fixed, Summed = summed, Squared = squared, Ranged = ranged }));
        var card = store.Create(0, "card");
        var row = new EventRow();
        for (var i = 0; i < 400; i++)
        {
            new PlainPayment($"p{i}", 1_000 + i, i % 2, null, null).Fill(row);
            store.Apply(card, row);
        }

        var values = new ReadValue[1];
        store.Read(card, EventTime.FromUnixMilliseconds(1_399), [0], values);
        var expected = aggregation switch
        {
            Aggregation.Count => 100,
            Aggregation.Distinct => 2,
            Aggregation.Sum => 50,
            Aggregation.Mean => 0.5,
            Aggregation.StdDev => Math.Sqrt(25 / 99.0),
            _ => 0,
        };
        Assert.Equal(expected, values[0].Value.Number);
    }

    private static DefinitionPlan Plan(Aggregation aggregation, int column, params ColumnPlan[] columns) => new()
    {
        Events = [StatePlans.PaymentPlan],
        Kinds =
        [
            new()
            {
                Ordinal = 0,
                Name = "card",
                Timelines = [new() { Ordinal = 0, Event = StatePlans.PaymentPlan, Columns = columns, RetentionMilliseconds = 100_000 }],
                Features =
                [
                    new() { Ordinal = 0, Name = "odd", FullName = "card.odd", Definition = "", Aggregation = aggregation, Timeline = 0, Column = column, WindowMilliseconds = 100 },
                ],
            },
        ],
    };
}
