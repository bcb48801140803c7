using Grid.Decisions.Definitions;
using Grid.Features.Plans;

namespace Grid.Decisions.Tests.Definitions;

public sealed class BundleReaderTests
{
    private const long Day = 86_400_000;

    [Fact]
    public void Inputs_are_the_vectors_features_first_then_those_that_only_the_policy_names()
    {
        using var folder = PaymentsBundle.Write(Text("far and amount > card.usual", "far and shop.amount_max > card.mean_7d"));

        var accept = BundleReader.Read(folder.Path).Decisions[0];

        Assert.Equal(["last_country", "mean_7d"], accept.Own.Features.Select(feature => accept.Owner.Features[feature].Name));
        var shop = Assert.Single(accept.Foreign);
        Assert.Equal(["risk_7d", "amount_max"], shop.Features.Select(feature => shop.Kind.Features[feature].Name));
        Assert.Equal((0, 2, 3, 6), (accept.Own.FirstInput, shop.FirstInput, shop.KeySlot, accept.Inputs));
        Assert.Equal(4, Assert.Single(accept.OnDemand).Input);
        Assert.Equal([new("amount", 4, -1), new("far", -1, 4), new("shop.risk_7d", -1, 2)], accept.Vector);
    }

    [Fact]
    public void Outputs_read_the_models_columns_and_the_outputs_above_them()
    {
        var text = PaymentsBundle.Text
            .Replace("score: { file: models/logistic.onnx, input: x, score: p }", "score: { file: models/three.onnx, input: x, score: p, columns: [p50, p20, p80] }", StringComparison.Ordinal)
            .Replace("    policy:", "    outputs: { low: \"min(p20, p50)\", spread: \"p80 - low\" }\n    policy:", StringComparison.Ordinal)
            .Replace("score >= 0.9", "spread > 5 and score > 0", StringComparison.Ordinal);
        using var folder = PaymentsBundle.Write(text);
        folder.AddModel("three_columns", "three");

        var accept = BundleReader.Read(folder.Path).Decisions[0];

        Assert.Equal(["p50", "p20", "p80"], accept.Model.Columns);
        Assert.Equal([("low", accept.ScoreInput + 3), ("spread", accept.ScoreInput + 4)], accept.Outputs.Select(output => (output.Name, output.Input)));
        Assert.Equal(accept.ScoreInput + 5, accept.Inputs);
        var inputs = Enumerable.Repeat(Value.Missing, accept.Inputs).ToArray();
        (inputs[accept.ScoreInput], inputs[accept.ScoreInput + 1], inputs[accept.ScoreInput + 2]) = (Value.Of(4), Value.Of(6), Value.Of(10));
        foreach (var output in accept.Outputs)
        {
            inputs[output.Input] = output.Expression.Evaluate(null, inputs);
        }

        Assert.Equal((4, 6), (inputs[accept.ScoreInput + 3].Number, inputs[accept.ScoreInput + 4].Number));
        Assert.True(accept.Rules[0].When!.IsTrue(new EventRow(), inputs));
    }

    [Fact]
    public void Compiled_rules_read_the_inputs_that_the_layout_says()
    {
        using var folder = PaymentsBundle.Write(Text("far and amount > card.usual", "far and shop.amount_max > card.mean_7d"));
        var accept = BundleReader.Read(folder.Path).Decisions[0];
        var row = new EventRow();
        row.Reset(accept.On);
        row.Set(7, FieldSlot.OfText("fr"));

        var inputs = new[] { Value.Of("de"), Value.Of(10), Value.Of(0), Value.Of(11), Value.Missing, Value.Of(0.5) };
        inputs[4] = accept.OnDemand[0].Expression.Evaluate(row, inputs);

        Assert.Equal(1, inputs[4].Number);
        Assert.True(accept.Rules[1].When!.IsTrue(row, inputs));
        (inputs[1], inputs[3]) = (inputs[3], inputs[1]);
        Assert.False(accept.Rules[1].When!.IsTrue(row, inputs), "mean and maximum are in places of their own");
    }

    [Fact]
    public void Expressions_come_after_what_they_read_whatever_the_order_they_are_written_in()
    {
        using var folder = PaymentsBundle.Write(PaymentsBundle.Text.Replace(
            "    count_1h: {", "    above: \"card.usual / count_1h\"\n    count_1h: {", StringComparison.Ordinal));

        var card = BundleReader.Read(folder.Path).Definitions.Kinds[0];

        Assert.Equal(["mean_7d", "count_1h", "usual", "above", "large_7d", "last_country"], card.Features.Select(feature => feature.Name));
        Assert.Equal([2, 1], card.Features[3].ExpressionInputs);
        Assert.All(card.Features, feature => Assert.All(feature.ExpressionInputs, input => Assert.InRange(input, 0, feature.Ordinal - 1)));
        Assert.Equal(7, card.Features[3].Expression!.Evaluate(null, [Value.Of(14), Value.Of(2)]).Number);
    }

    [Fact]
    public void A_filter_makes_a_column_of_its_own()
    {
        using var folder = PaymentsBundle.Write();

        var payments = Assert.Single(BundleReader.Read(folder.Path).Definitions.Kinds[0].Timelines);

        Assert.Equal([ColumnPlan.Ones, 4, 7], payments.Columns.Select(column => column.Slot));
        Assert.Equal([ColumnStorage.Fixed, ColumnStorage.Fixed, ColumnStorage.Text], payments.Columns.Select(column => column.Storage));
        Assert.Equal([true, false, false], payments.Columns.Select(column => column.Where is not null));
        Assert.Equal(60 * Day, payments.RetentionMilliseconds);
    }

    [Fact]
    public void A_column_is_shared_where_field_and_filter_are_the_same_and_only_there()
    {
        using var folder = PaymentsBundle.Write(Text("    usual:", """
                large_1h: { count: payment, window: 1h, where: "amount > 100 and online" }
                small_7d: { count: payment, window: 7d, where: "amount < 5" }
                mean_large_7d: { mean: payment.amount, window: 7d, where: "amount < 5" }
                deviation_7d: { stddev: payment.amount, window: 7d }
                usual:
            """));

        var card = BundleReader.Read(folder.Path).Definitions.Kinds[0];
        var columns = card.Features.ToDictionary(feature => feature.Name, feature => feature.Column);

        Assert.Equal(columns["large_7d"], columns["large_1h"]);
        Assert.Equal(columns["mean_7d"], columns["deviation_7d"]);
        Assert.Equal(5, card.Timelines[0].Columns.Count);
        Assert.Equal(4, new HashSet<int> { columns["large_7d"], columns["small_7d"], columns["mean_7d"], columns["mean_large_7d"] }.Count);
        Assert.True(card.Timelines[0].Columns[columns["mean_7d"]].Squared, "the deviation needs squares, the mean does not");
        Assert.False(card.Timelines[0].Columns[columns["mean_large_7d"]].Squared);
    }

    [Fact]
    public void The_owner_keeps_the_event_it_decides_on_though_it_has_no_features()
    {
        var text = PaymentsBundle.Text.Replace("owner: card", "owner: wallet", StringComparison.Ordinal)
            .Replace("keys: { card: card,", "keys: { card: card, wallet: card,", StringComparison.Ordinal)
            .Replace("  shop:\n", "  wallet:\n  shop:\n", StringComparison.Ordinal);
        using var folder = PaymentsBundle.Write(text);

        var bundle = BundleReader.Read(folder.Path);

        var timeline = Assert.Single(bundle.Decisions[0].Owner.Timelines);
        Assert.Equal(("wallet", "payment", Day), (bundle.Decisions[0].Owner.Name, timeline.Event.Name, timeline.RetentionMilliseconds));
        Assert.Equal(["shop", "card"], bundle.Decisions[0].Foreign.Select(read => read.Kind.Name));
    }

    [Theory]
    [InlineData("{ last: payment.amount, window: 1h }", 1)]
    [InlineData("{ last: payment.amount, window: 3d, delay: 2d }", 10)]
    [InlineData("{ last: payment.amount }", 90)]
    [InlineData("{ last: payment.amount, delay: 50d }", 100)]
    public void Without_a_word_on_it_history_is_kept_as_long_as_features_may_need_it(string feature, int days)
    {
        var text = Text("{ max: payment.amount, window: 30d }", feature).Replace("window: 7d, delay: 7d", "window: 1h", StringComparison.Ordinal);
        using var folder = PaymentsBundle.Write(text);

        Assert.Equal(days * Day, BundleReader.Read(folder.Path).Definitions.Kinds[1].Timelines[0].RetentionMilliseconds);
    }

    [Fact]
    public void What_two_files_both_say_is_told()
    {
        const string More = "version: 2\nmodels:\n  score: { file: models/logistic.onnx, input: x, score: p }\n";
        using var folder = PaymentsBundle.Write(PaymentsBundle.Text, ("more.yml", More));

        Assert.Equal(
            [
                "more.yml(1,1): version: 'version' is in bundle.yaml(2) already; give this one another name, or leave one out.",
                "more.yml(3,3): models.score: 'score' is in bundle.yaml(40) already; give this one another name, or leave one out.",
            ],
            FaultsOf(folder));
    }

    [Fact]
    public void A_file_that_is_no_yaml_is_told_and_nothing_is_guessed_from_the_others()
    {
        using var folder = PaymentsBundle.Write("bundle: [payments", ("more.yaml", "events: {}}"));

        var faults = FaultsOf(folder);

        Assert.Equal(2, faults.Count);
        Assert.All(faults, fault => Assert.Contains("This is not YAML", fault, StringComparison.Ordinal));
    }

    [Fact]
    public void Bytes_that_are_not_utf8_are_told_with_their_line()
    {
        using var folder = PaymentsBundle.Write();
        File.WriteAllBytes(Path.Combine(folder.Path, "more.yaml"), [.. "models:\n  a: "u8, 0xFF, (byte)'\n']);

        Assert.Equal(["more.yaml(2,6): Found the byte 0xFF, which is not UTF-8; save the file as UTF-8."], FaultsOf(folder));
    }

    [Fact]
    public void A_source_may_name_the_time_zone_of_its_times()
    {
        using var folder = WithZone("zone: Europe/Berlin");

        Assert.Equal("Europe/Berlin", BundleReader.Read(folder.Path).Sources.Single().Zone!.Id);
    }

    [Theory]
    [InlineData("zone: Europe/Berlim", "Found 'Europe/Berlim', which the time zone data of this machine do not have")]
    [InlineData("zone: Europe/Berlin\n    times: { unit: 1s, from: 2015-02-01T00:00:00Z }", "leave one of the two out")]
    [InlineData("zone:", "Expected the name of a time zone, such as Europe/Berlin, found nothing")]
    public void A_time_zone_at_fault_is_told(string zone, string told)
    {
        using var folder = WithZone(zone);

        Assert.Contains(told, Assert.Single(FaultsOf(folder)), StringComparison.Ordinal);
    }

    private static BundleFolder WithZone(string zone) =>
        PaymentsBundle.Write(PaymentsBundle.Text.Replace("format: csv", $"format: csv\n    {zone}", StringComparison.Ordinal));

    [Fact]
    public void A_folder_without_yaml_is_told_and_so_is_none_at_all()
    {
        using var folder = new BundleFolder(("readme.md", "# nothing"));

        Assert.Contains("has no .yaml file", Assert.Single(FaultsOf(folder)), StringComparison.Ordinal);
        var missing = Assert.Throws<BundleException>(() => BundleReader.Read(Path.Combine(folder.Path, "none")));
        Assert.Contains("cannot be read", missing.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Overrides_of_unknown_names_are_told()
    {
        using var folder = PaymentsBundle.Write();
        var overrides = new BundleOverrides { Models = new Dictionary<string, string> { ["acept"] = "score", ["accept"] = "trees" } };

        var told = Assert.Throws<BundleException>(() => BundleReader.Read(folder.Path, overrides));

        Assert.Equal(
            [
                "overrides: models.accept: There is no model 'trees' under 'models'. Known: score.",
                "overrides: models.acept: There is no decision 'acept'. Did you mean 'accept'?",
            ],
            told.Diagnostics.Select(fault => fault.ToString()));
    }

    [Fact]
    public void The_message_names_the_folder_and_every_fault()
    {
        var text = Text("window: 1h", "window: soon").Replace("model: score", "model: trees", StringComparison.Ordinal);
        using var folder = PaymentsBundle.Write(text);

        var told = Assert.Throws<BundleException>(() => BundleReader.Read(folder.Path));

        const string First = "bundle.yaml(30,41): entities.card.count_1h.window: Expected a length of time above zero";
        Assert.StartsWith($"The bundle in '{folder.Path}' has 2 faults:\n{First}", told.Message, StringComparison.Ordinal);
        Assert.Contains("\nbundle.yaml(50,12): decisions.accept.model: ", told.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_version_covers_yaml_files_by_name_and_content()
    {
        using var folder = PaymentsBundle.Write();
        var first = BundleReader.Read(folder.Path).Version;

        Assert.Equal(first, BundleReader.Read(folder.Path).Version);
        folder.Write(("more.yaml", ""));
        var second = BundleReader.Read(folder.Path).Version;
        File.Move(Path.Combine(folder.Path, "more.yaml"), Path.Combine(folder.Path, "other.yaml"));
        var third = BundleReader.Read(folder.Path).Version;

        Assert.Equal(3, new HashSet<string> { first, second, third }.Count);
    }

    private static string Text(string was, string becomes) => PaymentsBundle.Text.Replace(was, becomes, StringComparison.Ordinal);

    private static List<string> FaultsOf(BundleFolder folder) =>
        [.. Assert.Throws<BundleException>(() => BundleReader.Read(folder.Path)).Diagnostics.Select(fault => fault.ToString())];
}
