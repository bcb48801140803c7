using Grid.Decisions.Definitions;
using Grid.Decisions.Plans;
using Grid.Features.Plans;

namespace Grid.Decisions.Tests.Definitions;

/// <summary>The bundle that ships, compiled, and every number of its plan looked at.</summary>
public sealed class FraudBundleTests
{
    private const long Day = 86_400_000;
    private static readonly Bundle Fraud = BundleReader.Read(Repository.Bundle("fraud"));

    [Fact]
    public void It_has_a_name_and_a_version_with_the_hash_of_its_files()
    {
        Assert.Equal("fraud", Fraud.Name);
        Assert.Matches("^1\\.0\\.0\\+[0-9a-f]{12}$", Fraud.Version);
    }

    [Fact]
    public void A_transaction_has_its_fields_and_the_one_its_label_fills_in()
    {
        var transaction = Fraud.Definitions.Events[0];

        Assert.Equal("transaction", transaction.Name);
        Assert.Equal(["transaction_id", "at", "card", "terminal", "amount", "is_fraud"], transaction.Fields.Select(field => field.Name));
        Assert.Equal((0, 1, 5), (transaction.IdSlot, transaction.TimeSlot, transaction.SentFields));
        Assert.Equal([new KeyPlan(0, 2), new KeyPlan(1, 3)], transaction.Keys);
        Assert.False(transaction.Fields[1].Required, "a time that is not sent is the moment of receipt");
        var amount = transaction.Fields[4];
        Assert.Equal((FieldType.Decimal, 2, 0m, 1_000_000m, true), (amount.Type, amount.Scale, amount.Min, amount.Max, amount.Required));
        Assert.True(transaction.Fields[5].IsLabel);
        Assert.Equal(FieldSlot.OfBits(0), transaction.Fields[5].Default);
    }

    [Fact]
    public void A_report_amends_a_transaction_and_must_say_what_it_reports()
    {
        var report = Fraud.Definitions.Events[1];

        Assert.Equal(["transaction_id", "at", "is_fraud"], report.Fields.Select(field => field.Name));
        Assert.Equal(0, report.Label!.Target);
        Assert.Equal([(2, 5)], report.Label.Slots);
        Assert.Equal((0, 1), (report.IdSlot, report.TimeSlot));
        Assert.True(report.Fields[2].Required);
        Assert.False(report.Fields[2].Default.IsPresent);
        Assert.Empty(report.Keys);
    }

    [Fact]
    public void Features_of_one_field_share_a_column_and_history_is_kept_for_twice_the_longest_window()
    {
        var card = Fraud.Definitions.Kinds[0];
        var terminal = Fraud.Definitions.Kinds[1];

        var payments = Assert.Single(card.Timelines);
        var amounts = Assert.Single(payments.Columns);
        Assert.Equal((4, ColumnStorage.Fixed, 2), (amounts.Slot, amounts.Storage, amounts.Scale));
        Assert.Equal((true, false, false), (amounts.Summed, amounts.Squared, amounts.Ranged));
        Assert.Equal(60 * Day, payments.RetentionMilliseconds);
        var reported = Assert.Single(Assert.Single(terminal.Timelines).Columns);
        Assert.Equal((5, true, true), (reported.Slot, reported.IsLabel, reported.Summed));
        Assert.Equal(74 * Day, terminal.Timelines[0].RetentionMilliseconds);
    }

    [Fact]
    public void A_feature_says_its_window_delay_and_value_of_nothing()
    {
        var risk = Fraud.Definitions.Kinds[1].Features[3];

        Assert.Equal("terminal.risk_7d", risk.FullName);
        Assert.Equal("mean of transaction.is_fraud over 7d, delayed 7d, 0 where empty", risk.Definition);
        Assert.Equal((Aggregation.Mean, 0, 0), (risk.Aggregation, risk.Timeline, risk.Column));
        Assert.Equal((7 * Day, 7 * Day), (risk.WindowMilliseconds, risk.DelayMilliseconds));
        Assert.Equal(Value.Of(0), risk.Empty);
        Assert.Equal(-1, Fraud.Definitions.Kinds[1].Features[2].Column);
    }

    [Fact]
    public void The_decision_reads_its_card_then_its_terminal_then_the_request()
    {
        var authorize = Assert.Single(Fraud.Decisions);

        Assert.Equal(("transaction", "card", 2), (authorize.On.Name, authorize.Owner.Name, authorize.OwnerKeySlot));
        Assert.Equal([0, 1, 2, 3, 4, 5], authorize.Own.Features);
        Assert.Equal(0, authorize.Own.FirstInput);
        var terminal = Assert.Single(authorize.Foreign);
        Assert.Equal(("terminal", 3, 6), (terminal.Kind.Name, terminal.KeySlot, terminal.FirstInput));
        Assert.Equal([0, 1, 2, 3, 4, 5], terminal.Features);
        Assert.Equal([("is_weekend", 12), ("is_night", 13)], authorize.OnDemand.Select(onDemand => (onDemand.Name, onDemand.Input)));
        Assert.Equal((15, 14), (authorize.Inputs, authorize.ScoreInput));
    }

    [Fact]
    public void The_vector_is_in_the_models_order()
    {
        var vector = Fraud.Decisions[0].Vector;

        Assert.Equal(15, vector.Count);
        Assert.Equal(new VectorEntry("amount", 4, -1), vector[0]);
        Assert.Equal(new VectorEntry("is_weekend", -1, 12), vector[1]);
        Assert.Equal(new VectorEntry("card.tx_count_1d", -1, 0), vector[3]);
        Assert.Equal(new VectorEntry("terminal.risk_30d", -1, 11), vector[14]);
        Assert.Equal(vector.Select(entry => entry.Name), Fraud.Schema.Decisions[0].Vector);
    }

    [Fact]
    public void The_policy_compiles_over_score_and_features()
    {
        var authorize = Fraud.Decisions[0];
        var row = new EventRow();
        row.Reset(authorize.On);
        row.Set(4, FieldSlot.OfBits(100_01));
        var inputs = Enumerable.Repeat(Value.Of(0), authorize.Inputs).ToArray();
        bool[] Hold(double score)
        {
            inputs[authorize.ScoreInput] = Value.Of(score);
            return [.. authorize.Rules.Take(3).Select(rule => rule.When!.IsTrue(row, inputs))];
        }

        Assert.Equal(["decline", "review", "review", "approve"], authorize.Rules.Select(rule => rule.Action));
        Assert.Equal([true, true, false], Hold(score: 1));
        Assert.Equal([false, false, false], Hold(score: 0));
        (inputs[4], inputs[5]) = (Value.Of(10), Value.Of(10));
        Assert.Equal([false, false, true], Hold(score: 0)); // 100.01 is above ten times a mean of 10, of 10 payments
        Assert.Null(authorize.Rules[3].When);
        Assert.Equal(["unusual_amount"], authorize.Rules[2].Reasons);
        Assert.Equal(("review", "model_unavailable"), (authorize.Fallback.Action, Assert.Single(authorize.Fallback.Reasons)));
        Assert.Equal(["decline", "review", "approve"], Fraud.Schema.Decisions[0].Actions);
    }

    [Fact]
    public void On_demand_features_read_the_requests_own_time()
    {
        var authorize = Fraud.Decisions[0];
        var row = new EventRow();
        row.Reset(authorize.On);
        row.Set(1, FieldSlot.OfBits(DateTimeOffset.Parse("2026-11-21T06:59:59Z").ToUnixTimeMilliseconds())); // a Saturday

        Assert.Equal([1, 1], authorize.OnDemand.Select(onDemand => onDemand.Expression.Evaluate(row, []).Number));
        row.Set(1, FieldSlot.OfBits(DateTimeOffset.Parse("2026-11-20T07:00:00Z").ToUnixTimeMilliseconds()));
        Assert.Equal([0, 0], authorize.OnDemand.Select(onDemand => onDemand.Expression.Evaluate(row, []).Number));
    }

    [Fact]
    public void The_source_maps_the_handbooks_columns_and_delays_its_labels()
    {
        var handbook = Assert.Single(Fraud.Sources);

        Assert.Equal("handbook", handbook.Name);
        Assert.Equal(
            ["TRANSACTION_ID", "TX_DATETIME", "CUSTOMER_ID", "TERMINAL_ID", "TX_AMOUNT"],
            handbook.Events[0].Columns.OrderBy(column => column.Slot).Select(column => column.Column));
        Assert.Equal((0L, null), (handbook.Events[0].AfterMilliseconds, handbook.Events[0].When));
        Assert.Equal((7 * Day, new SourceCondition("TX_FRAUD", "1")), (handbook.Events[1].AfterMilliseconds, handbook.Events[1].When));
    }

    [Fact]
    public void Another_of_its_models_can_score_a_replay()
    {
        using var folder = BundleFolder.Of("fraud");

        var bundle = BundleReader.Read(folder.Path, new() { Models = new Dictionary<string, string> { ["authorize"] = "logistic" } });

        Assert.Equal("logistic", bundle.Decisions[0].Model.Name);
        Assert.EndsWith("logistic.onnx", bundle.Decisions[0].Model.File, StringComparison.Ordinal);
        Assert.Equal("trees", Fraud.Decisions[0].Model.Name);
    }

    [Fact]
    public void A_vector_in_another_order_than_the_model_was_trained_on_is_refused()
    {
        using var folder = BundleFolder.Of("fraud");
        var text = File.ReadAllText(Path.Combine(folder.Path, "bundle.yaml"));
        const string Mean = "      - card.amount_mean_1d\n";
        const string Count = "      - card.tx_count_1d\n";
        folder.Write(("bundle.yaml", text.Replace(Count + Mean, Mean + Count, StringComparison.Ordinal)));

        var told = Assert.Throws<BundleException>(() => BundleReader.Read(folder.Path));

        Assert.Equal(["models.trees", "models.logistic"], told.Diagnostics.Select(fault => fault.Name));
        Assert.All(told.Diagnostics, fault => Assert.Contains("card.amount_mean_1d", fault.Message, StringComparison.Ordinal));
    }

    [Fact]
    public void The_version_changes_with_a_model_and_only_then()
    {
        using var folder = BundleFolder.Of("fraud");
        var before = BundleReader.Read(folder.Path).Version;

        folder.Write(("models/notes.txt", "no part of the bundle"));
        Assert.Equal(before, BundleReader.Read(folder.Path).Version);
        folder.Copy(Path.Combine(folder.Path, "models", "trees.onnx"), "models/logistic.onnx");
        Assert.NotEqual(before, BundleReader.Read(folder.Path).Version);
    }
}
