using Grid.Features.Plans;
using Grid.Features.State;

namespace Grid.Features.Tests.State;

/// <summary>A plan whose columns do not keep what its features read is refused, never read wrong.</summary>
public sealed class MisfitTests
{
    [Theory]
    [InlineData(nameof(Aggregation.Sum), nameof(ColumnStorage.Fixed), false, true)]
    [InlineData(nameof(Aggregation.Mean), nameof(ColumnStorage.Fixed), false, true)]
    [InlineData(nameof(Aggregation.StdDev), nameof(ColumnStorage.Fixed), true, true)]
    [InlineData(nameof(Aggregation.Min), nameof(ColumnStorage.Fixed), true, false)]
    [InlineData(nameof(Aggregation.Max), nameof(ColumnStorage.Fixed), true, false)]
    [InlineData(nameof(Aggregation.Sum), nameof(ColumnStorage.Number), true, true)]
    [InlineData(nameof(Aggregation.Mean), nameof(ColumnStorage.Text), true, true)]
    [InlineData(nameof(Aggregation.Min), nameof(ColumnStorage.Text), true, true)]
    [InlineData(nameof(Aggregation.None), nameof(ColumnStorage.Fixed), true, true)]
    [InlineData(nameof(Aggregation.Open), nameof(ColumnStorage.Fixed), true, true)]
    [InlineData(nameof(Aggregation.Quantile), nameof(ColumnStorage.Text), true, true)]
    [InlineData(nameof(Aggregation.Last), nameof(ColumnStorage.Hash), true, true)]
    [InlineData(nameof(Aggregation.Quantile), nameof(ColumnStorage.Hash), true, true)]
    public void A_column_that_does_not_keep_what_a_feature_reads_is_refused_by_name(string aggregationName, string storageName, bool summed, bool ranged)
    {
        var (aggregation, storage) = (Enum.Parse<Aggregation>(aggregationName), Enum.Parse<ColumnStorage>(storageName));
        var slot = storage switch { ColumnStorage.Text or ColumnStorage.Hash => StatePlans.Shop, ColumnStorage.Number => StatePlans.Weight, _ => StatePlans.Amount };
        var plan = Plan(aggregation, 0, new ColumnPlan { Ordinal = 0, Slot = slot, Storage = storage, Summed = summed, Ranged = ranged });

        var refused = Assert.Throws<ArgumentException>(() => new EntityStore(plan));

        Assert.Contains("'card.odd'", refused.Message, StringComparison.Ordinal);
        Assert.Contains(aggregation.ToString(), refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(nameof(Aggregation.Sum))]
    [InlineData(nameof(Aggregation.Last))]
    [InlineData(nameof(Aggregation.Distinct))]
    public void An_aggregation_of_values_without_a_column_is_refused(string aggregation) =>
        Assert.Contains("'card.odd'", Assert.Throws<ArgumentException>(() => new EntityStore(Plan(Enum.Parse<Aggregation>(aggregation), -1))).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData(nameof(Aggregation.Count), false, false, false)]
    [InlineData(nameof(Aggregation.Distinct), false, false, false)]
    [InlineData(nameof(Aggregation.First), false, false, false)]
    [InlineData(nameof(Aggregation.Sum), true, false, false)]
    [InlineData(nameof(Aggregation.Mean), false, true, false)]
    [InlineData(nameof(Aggregation.StdDev), false, true, false)]
    [InlineData(nameof(Aggregation.Min), false, false, true)]
    public void No_more_is_asked_of_a_column_than_is_read(string aggregationName, bool summed, bool squared, bool ranged)
    {
        var aggregation = Enum.Parse<Aggregation>(aggregationName);
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
