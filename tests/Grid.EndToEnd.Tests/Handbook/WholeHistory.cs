using System.Globalization;
using Grid.Testing;

namespace Grid.EndToEnd.Tests.Handbook;

/// <summary>The tests that read the one replay of the whole published history.</summary>
[CollectionDefinition(nameof(WholeHistory))]
public sealed class WholeHistoryTests : ICollectionFixture<WholeHistory>;

/// <summary>
/// All 1,466,282 published transactions through one embedded grid, with the model that ships as the default: a decision is made on each transaction whose
/// features are published and on each of the test week, all others are events.
/// </summary>
public sealed class WholeHistory : IAsyncLifetime
{
    /// <summary>The window features that the Handbook publishes, in the order of its file.</summary>
    public static readonly IReadOnlyList<string> Windows =
    [
        "card.tx_count_1d", "card.amount_mean_1d", "card.tx_count_7d", "card.amount_mean_7d", "card.tx_count_30d", "card.amount_mean_30d",
        "terminal.tx_count_1d", "terminal.risk_1d", "terminal.tx_count_7d", "terminal.risk_7d", "terminal.tx_count_30d", "terminal.risk_30d",
    ];

    /// <summary>By transaction, the published values of <see cref="Windows"/>.</summary>
    public IReadOnlyDictionary<string, double[]> Published { get; private set; } = new Dictionary<string, double[]>();

    /// <summary>By transaction, what the grid read for <see cref="Windows"/>.</summary>
    public IReadOnlyDictionary<string, double[]> Read { get; private set; } = new Dictionary<string, double[]>();

    /// <summary>Every transaction of the test week with its score.</summary>
    internal IReadOnlyList<Scored> TestWeek { get; private set; } = [];

    public async ValueTask InitializeAsync()
    {
        if (Repository.SharedData("fraud/features-sample.csv.gz") is not { } sample || Repository.SharedData("fraud/transactions.csv.gz") is not { } transactions)
        {
            return;
        }

        var published = HandbookFile.Lines(sample).Skip(1).Select(line => line.Split(','))
            .ToDictionary(values => values[0], values => values.Skip(1).Select(value => double.Parse(value, CultureInfo.InvariantCulture)).ToArray());
        var frauds = HandbookFile.Frauds(transactions);
        var read = new Dictionary<string, double[]>();
        var week = new List<Scored>();
        await HandbookReplay.RunAsync(
            "trees",
            0,
            int.MaxValue,
            item => ChapterThree.IsOfTestWeek(item.At) || published.ContainsKey(item.Event["transaction_id"].Text!),
            decision =>
            {
                if (published.ContainsKey(decision.EventId))
                {
                    read.Add(decision.EventId, [.. Windows.Select(name => decision.Features.Single(feature => feature.Name == name).Value)]);
                }

                if (ChapterThree.IsOfTestWeek(decision.At))
                {
                    week.Add(ChapterThree.ScoredBy(decision, frauds));
                }
            });
        (Published, Read, TestWeek) = (published, read, week);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
