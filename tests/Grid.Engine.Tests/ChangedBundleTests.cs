using Grid.Decisions.Definitions;
using Grid.Decisions.Plans;

namespace Grid.Engine.Tests;

/// <summary>A data scientist changes the definitions and opens the grid again on the data it has.</summary>
public sealed class ChangedBundleTests
{
    private const int Events = 1_500;
    private const long Day = 86_400;
    private const long End = 130 * Day;

    private static readonly long[] Moments = [40 * Day, 100 * Day, End - (12 * Day), End, End + (7 * Day), End + (20 * Day)];

    private static readonly EntityId[] Entities =
        [.. Enumerable.Range(0, 4).Select(i => new EntityId("card", $"c{i}")), .. Enumerable.Range(0, 3).Select(i => new EntityId("terminal", $"m{i}"))];

    /// <summary>What the first bundle has beside the one that ships: two features, and a decision over one of them by a small model.</summary>
    private static readonly (string Old, string New)[] First =
    [
        ("  card:\n", "  card:\n    largest: { max: transaction.amount, window: 7d }\n    soon_gone: { distinct: transaction.terminal, window: 3d }\n"),
        ("\nsources:", """

          watch:
            on: transaction
            owner: card
            features: [amount, card.largest, terminal.tx_count_1d]
            model: { file: models/small.onnx, input: x, score: p }
            policy: [{ approve: "true" }]
            fallback: { approve: model_unavailable }

        sources:
        """),
    ];

    private static readonly (string Old, string New) Gone = ("    soon_gone: { distinct: transaction.terminal, window: 3d }\n", "");

    public static TheoryData<string, string[]> Changes => new()
    {
        { "a window", ["tx_count_7d:    { count: transaction, window: 7d }", "tx_count_7d:    { count: transaction, window: 9d }"] },
        { "a window of its largest amount", ["max: transaction.amount, window: 7d", "max: transaction.amount, window: 9d"] },
        {
            "features over columns that are new, and one is gone",
            [
                "    largest: { max: transaction.amount, window: 7d }\n",
                "    top_shop: { top: transaction.terminal }\n    spread: { stddev: transaction.amount, window: 9d }\n    large: { count: transaction, window: 9d, where: \"amount > 20\" }\n",
                Gone.Old, Gone.New,
                "card.largest", "card.large",
            ]
        },
        { "an aggregation over a column that was kept already", ["max: transaction.amount, window: 7d", "stddev: transaction.amount, window: 7d"] },
        { "the longest window, longer", ["amount_mean_30d: { mean: transaction.amount, window: 30d }", "amount_mean_30d: { mean: transaction.amount, window: 100d }"] },
        { "the longest window, shorter", ["window: 30d }", "window: 20d }", "window: 30d, ", "window: 20d, "] },
        { "how long events are kept", ["version: 1.0.0", "version: 1.0.0\nretention: 120d"] },
    };

    [Theory]
    [MemberData(nameof(Changes))]
    public async Task Every_feature_is_as_if_the_bundle_had_always_been_so_and_what_was_answered_stays(string what, string[] change)
    {
        Assert.NotEmpty(what);
        using var folder = new TestFolder();
        using var fresh = new TestFolder();
        using var before = Changed(First);
        using var changed = Changed([.. First, .. change.Chunk(2).Select(pair => (pair[0], pair[1]))]);
        var after = BundleReader.Read(changed.Path);
        List<Decision> answers;
        await using (var grid = Open(folder, BundleReader.Read(before.Path)))
        {
            answers = await TellAsync(grid);
            await grid.CheckpointAsync(default);
        }

        await using var reopened = Open(folder, after);
        await using var twin = Open(fresh, after);
        await TellAsync(twin);

        Assert.Equal(await Fraud.PortraitAsync(twin, Entities, Moments), await Fraud.PortraitAsync(reopened, Entities, Moments));
        foreach (var answer in answers.Where((_, i) => i % 13 == 0))
        {
            Same(answer, await reopened.FindDecisionAsync(answer.Id, default));
            var again = await reopened.DecideAsync(answer.Name, PaymentOf(int.Parse(answer.EventId[1..], null)), default);
            Assert.True(again.Duplicate);
            Same(answer, again);
        }

        for (var i = Events; i < Events + 40; i++)
        {
            var name = i % 2 == 0 ? "authorize" : "watch";
            var (one, other) = (await twin.DecideAsync(name, PaymentOf(i), default), await reopened.DecideAsync(name, PaymentOf(i), default));
            Assert.Equal((one.Action, one.Score, one.Duplicate, one.Model, one.Bundle), (other.Action, other.Score, other.Duplicate, other.Model, other.Bundle));
            Assert.Equal(one.Features, other.Features);
        }
    }

    private static void Same(Decision first, Decision? now)
    {
        Assert.NotNull(now);
        Assert.Equal(
            (first.Id, first.Name, first.Owner, first.EventId, first.At, first.Action, first.Score, first.Model, first.Bundle, first.Fallback),
            (now.Id, now.Name, now.Owner, now.EventId, now.At, now.Action, now.Score, now.Model, now.Bundle, now.Fallback));
        Assert.Equal(first.Features, now.Features);
        Assert.Equal(first.Reasons, now.Reasons);
    }

    private static EmbeddedGrid Open(TestFolder folder, Bundle bundle) => EmbeddedGrid.Open(
        bundle,
        folder.Options(options => (options.Durability, options.Retention) = (Durability.Received, TimeSpan.FromDays(1_000))),
        new SteppedTime(),
        Fraud.Models);

    /// <summary>Months of payments, some of them very late, and labels before and after their events.</summary>
    private static async Task<List<Decision>> TellAsync(EmbeddedGrid grid)
    {
        var answers = new List<Decision>();
        for (var i = 0; i < Events; i++)
        {
            if (i % 5 == 4)
            {
                await grid.IngestAsync(PaymentOf(i), default);
            }
            else
            {
                answers.Add(await grid.DecideAsync(i % 2 == 0 ? "authorize" : "watch", PaymentOf(i), default));
            }

            if (i % 4 == 0)
            {
                await grid.IngestAsync(Fraud.Report($"t{(i * 7) % (Events + 20)}", (i * End / Events) + (9 * Day), isFraud: i % 3 > 0), default);
            }
        }

        return answers;
    }

    private static Event PaymentOf(int i)
    {
        var late = i % 41 == 40 ? Math.Min(i * End / Events, 65 * Day) : i % 7 * 1_000;
        return Fraud.Payment($"t{i}", $"c{i * i % 11 % 4}", $"m{i * 5 % 13 % 3}", (i * End / Events) - late + (9 * Day / 10), 1 + (i * 37 % 4_000 / 100m));
    }

    private static BundleFolder Changed((string Old, string New)[] changes)
    {
        var folder = BundleFolder.Of("fraud").AddModel("two_trees", "small");
        foreach (var (old, @new) in changes)
        {
            folder.Replace(old, @new);
        }

        return folder;
    }
}
