using System.Globalization;
using System.IO.Compression;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Grid.Features.Plans;
using Grid.Features.Rows;
using Grid.Features.Sources;
using Grid.Features.Tests.Rows;
using static Grid.Features.Tests.Rows.TestPlans;

namespace Grid.Features.Tests.Sources;

public sealed class SourceReaderTests
{
    private const string Header = "TRANSACTION_ID,TX_DATETIME,CUSTOMER_ID,TERMINAL_ID,TX_AMOUNT,TX_FRAUD\n";
    private const long Week = 7 * 86_400_000L;

    private static readonly SourcePlan Handbook = new("handbook",
    [
        new(TestPlans.Payment, [new(0, "TRANSACTION_ID"), new(1, "TX_DATETIME"), new(2, "CUSTOMER_ID"), new(3, "TERMINAL_ID"), new(4, "TX_AMOUNT")], null, 0),
        new(Report, [new(0, "TRANSACTION_ID"), new(1, "TX_DATETIME"), new(2, "TX_FRAUD")], new("TX_FRAUD", "1"), Week),
    ]);

    [Fact]
    public void A_row_becomes_an_event_and_its_label_comes_out_a_week_later()
    {
        var items = Read("7,2018-04-01 00:00:31,596,3156,57.16,1\n8,2018-04-08 00:00:30,596,3156,1,0\n9,2018-04-08T00:00:31Z,597,3156,2.5,0\n");

        Assert.Equal(["7@0", "8@1", "fraud_report 7@0", "9@2"], items.Select(Short));
        Assert.Equal(
            new Event("transaction") { ["transaction_id"] = "7", ["at"] = At("2018-04-01 00:00:31"), ["card"] = "596", ["terminal"] = "3156", ["amount"] = 57.16m },
            items[0].Event);
        Assert.Equal(new Event("fraud_report") { ["transaction_id"] = "7", ["at"] = At("2018-04-08 00:00:31"), ["is_fraud"] = true }, items[2].Event);
        Assert.Same(Report, items[2].Plan);
        Assert.Equal(At("2018-04-08 00:00:31"), items[2].At);
    }

    [Fact]
    public void A_label_without_delay_comes_after_the_event_of_its_own_row()
    {
        var atOnce = Handbook with { Events = [Handbook.Events[0], Handbook.Events[1] with { AfterMilliseconds = 0 }] };

        Assert.Equal(["7@0", "fraud_report 7@0", "8@1"], Read("7,2018-04-01,a,b,1,1\n8,2018-04-01,a,b,1,0\n", atOnce).Select(Short));
    }

    [Fact]
    public void Rows_in_any_order_with_times_counted_from_a_moment_come_out_in_the_order_of_time_each_event_at_its_own()
    {
        var orders = new SourcePlan(
            "orders",
            [
                new(TestPlans.Payment, [new(0, SourcePlan.RowNumber), new(1, "TX_DATETIME"), new(2, "CUSTOMER_ID"), new(3, "TERMINAL_ID"), new(4, "TX_AMOUNT")], null, 0),
                new(Report, [new(0, SourcePlan.RowNumber), new(1, "TX_FRAUD"), new(2, "TERMINAL_ID")], null, 0),
            ],
            new(1_000, At("2018-04-02 00:00:00")),
            AnyOrder: true);

        var items = Read("x,60.25,a,1,1,90\nx,-10,a,1,1,\nx,30,a,0,1,61\n", orders, disorder: 1);

        Assert.Equal(["1@1", "2@2", "0@0", "fraud_report 2@2", "fraud_report 0@0"], items.Select(Short));
        Assert.Equal(At("2018-04-01 23:59:50"), items[0].At);
        Assert.Equal(At("2018-04-02 00:01:00.250"), items[2].At);
        var fault = Assert.Throws<SourceException>(() => Read("x,noon,a,1,1,90\n", orders));
        Assert.Contains("'noon'", fault.Message, StringComparison.Ordinal);
        Assert.Contains("1000 ms from 2018-04-02", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Rows_a_little_out_of_order_are_sorted_and_others_refused()
    {
        const string Rows = "1,2018-04-01 00:00:02,a,b,1,0\n2,2018-04-01 00:00:03,a,b,1,0\n3,2018-04-01 00:00:04,a,b,1,0\n4,2018-04-01 00:00:01,a,b,1,0\n5,2018-04-01 00:00:05,a,b,1,0\n";

        Assert.Equal(["4@3", "1@0", "2@1", "3@2", "5@4"], Read(Rows, disorder: 3).Select(Short));
        var fault = Assert.Throws<SourceException>(() => Read(Rows, disorder: 1));
        Assert.Equal((5, "TX_DATETIME"), (fault.Line, fault.Column));
        Assert.Contains("2018-04-01T00:00:01.000Z is earlier", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("85.64999999999999", "85.64999999999999")]
    [InlineData("85.6501", "85.6501")]
    [InlineData(" 1e2 ", "100")]
    public void A_number_is_handed_on_as_it_stands_in_the_file(string text, string expected)
    {
        var item = Assert.Single(Read($"1,2018-04-01,a,b,{text},0\n"));

        Assert.Equal(decimal.Parse(expected, CultureInfo.InvariantCulture), item.Event["amount"].Exact);
    }

    [Fact]
    public void Any_file_comes_out_as_a_stable_sort_of_all_its_events_does()
    {
        var rows = Gen.Choose(0, 40).SelectMany(step => Gen.Choose(0, 3).Select(fraud => (step, fraud == 0))).ArrayOf();
        var files = rows.SelectMany(all => Gen.Choose(1, 8).SelectMany(disorder => Gen.Choose(0, 3).Select(after => (all, disorder, after))));

        Prop.ForAll(files.ToArbitrary(), file =>
        {
            // In order, except that each block of `disorder` rows is turned around: no row is more than that many rows out of place.
            var seconds = 0;
            var times = file.all.Select(row => seconds += row.step / 20).ToArray();
            for (var from = 0; from < times.Length; from += file.disorder)
            {
                Array.Reverse(times, from, Math.Min(file.disorder, times.Length - from));
            }

            var plan = Handbook with { Events = [Handbook.Events[0], Handbook.Events[1] with { AfterMilliseconds = file.after * 1000 }] };
            var text = string.Concat(times.Select((time, row) => $"{row},{Time(time)},a,b,1,{(file.all[row].Item2 ? 1 : 0)}\n"));
            var expected = times.SelectMany((time, row) => file.all[row].Item2
                    ? new[] { (At: time, Plain: 1, row, Name: $"{row}@{row}"), (At: time + file.after, Plain: file.after == 0 ? 1 : 0, row, Name: $"fraud_report {row}@{row}") }
                    : [(time, 1, row, $"{row}@{row}")])
                .OrderBy(item => item.At).ThenBy(item => item.Plain).ThenBy(item => item.row);

            Assert.Equal(expected.Select(item => item.Name), Read(text, plan, file.disorder).Select(Short));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(2_000).WithEndSize(60));

        static string Time(int seconds) => EventTime.FromUnixMilliseconds(1_522_540_800_000 + (seconds * 1000L)).ToString();
    }

    [Theory]
    [InlineData("1,yesterday,a,b,1,0", 2, "TX_DATETIME", "such as 2018-07-25 00:00:29 (UTC)")]
    [InlineData("1,2018-04-01,a,b,much,0", 2, "TX_AMOUNT", "expected a number such as 12.50, found the text 'much'")]
    [InlineData("1,2018-04-01,a,b,1,0\n2,2018-04-01,a,b", 3, null, "expected 6 values, as the header has, found 4")]
    [InlineData("1,1969-12-31,a,b,1,0", 2, "TX_DATETIME", "1969-12-31")]
    public void A_row_that_cannot_be_read_is_named_by_line_and_column(string rows, long line, string? column, string says)
    {
        var fault = Assert.Throws<SourceException>(() => Read(rows));

        Assert.Equal((line, column), (fault.Line, fault.Column));
        Assert.Contains(says, fault.Message, StringComparison.Ordinal);
        Assert.StartsWith("test.csv, line ", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Missing_columns_are_all_named_with_those_that_are_there()
    {
        var fault = Assert.Throws<SourceException>(() => ReadFile("id,TX_DATETIME,CUSTOMER_ID,TERMINAL_ID,TX_AMOUNT\n"));

        Assert.Contains("reads 'TRANSACTION_ID', 'TX_FRAUD', which the file does not have. Its columns are 'id', 'TX_DATETIME'", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_header_with_one_name_twice_is_refused()
    {
        var fault = Assert.Throws<SourceException>(() => ReadFile(Header.TrimEnd() + ",TX_AMOUNT\n"));

        Assert.Equal(("test.csv", 1, "TX_AMOUNT"), (fault.File, fault.Line, fault.Column));
        Assert.Contains("twice (columns 5 and 7)", fault.Message, StringComparison.Ordinal);
        Assert.Empty(ReadFile(Header.TrimEnd() + ",,\n"));
    }

    [Theory]
    [InlineData("1,2018-04-01,caf\u00e9,b,1,0", "CUSTOMER_ID")]
    [InlineData("1,2018-04-01,a,b,1,0,\u00e9", "NOTE")]
    [InlineData("1,2018-04-01,\"a \"\"\u00fc\"\"\",b,1,0", "CUSTOMER_ID")]
    public void Bytes_that_are_not_UTF8_are_refused_with_line_and_column(string row, string column)
    {
        var text = Header.TrimEnd() + ",NOTE\n0,2018-04-01,a,b,1,0,\n" + (row.Split(',').Length == 7 ? row : row + ",") + "\n";
        using var latin1 = new MemoryStream(Encoding.Latin1.GetBytes(text));
        using var utf8 = new MemoryStream(Encoding.UTF8.GetBytes(text));

        var fault = Assert.Throws<SourceException>(() => ReadAll(latin1, Handbook, 1));
        Assert.Equal(("test.csv", 3, column), (fault.File, fault.Line, fault.Column));
        Assert.Contains("which is not UTF-8", fault.Message, StringComparison.Ordinal);
        Assert.Equal(2, ReadAll(utf8, Handbook, 1).Count);
    }

    [Fact]
    public void A_header_that_is_not_UTF8_is_refused_with_the_number_of_its_column()
    {
        using var latin1 = new MemoryStream(Encoding.Latin1.GetBytes(Header.TrimEnd() + ",Betr\u00e4ge\n"));

        var fault = Assert.Throws<SourceException>(() => ReadAll(latin1, Handbook, 1));
        Assert.Equal((1, "7"), (fault.Line, fault.Column));
        Assert.Contains("0xE4", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Times_without_an_offset_are_local_to_the_source_and_one_that_its_clocks_skip_is_refused()
    {
        var local = Handbook with { Zone = TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin") };

        string[] times = ["2025-03-30 01:59:59", "2025-03-30 03:00:00", "2025-10-26 02:30:00", "2025-10-26 02:30:00+01", "1792000000000"];
        string[] moments = ["2025-03-30 00:59:59", "2025-03-30 01:00", "2025-10-26 00:30", "2025-10-26 01:30", "2026-10-14 17:46:40"];
        var items = Read(string.Concat(times.Select(time => $"1,{time},a,b,1,0\n")), local);
        Assert.Equal(moments.Select(At), items.Select(item => item.At));
        var fault = Assert.Throws<SourceException>(() => Read("1,2025-03-30 02:30:00,a,b,1,0\n", local));
        Assert.Equal((2, "TX_DATETIME"), (fault.Line, fault.Column));
        Assert.Contains("'2025-03-30 02:30:00', which Europe/Berlin does not have", fault.Message, StringComparison.Ordinal);
        var noon = Assert.Throws<SourceException>(() => Read("1,noon,a,b,1,0\n", local));
        Assert.Contains("such as 2018-07-25 00:00:29 (Europe/Berlin)", noon.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_compressed_file_that_is_cut_at_any_byte_gives_out_no_cut_row()
    {
        var rows = string.Concat(Enumerable.Range(0, 300).Select(i => $"{i},2018-04-01,{i * 7919 % 9973},b,{100 + i}.95,0\n"));
        var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionMode.Compress, leaveOpen: true))
        {
            gzip.Write(Encoding.UTF8.GetBytes(Header + rows));
        }

        var whole = packed.ToArray();
        for (var length = 1; length < whole.Length; length++)
        {
            var cut = new MemoryStream(whole, 0, length);
            var fault = Assert.Throws<SourceException>(() => ReadAll(SourceFile.Decompressed(cut), Handbook, 1));
            Assert.Contains("the file breaks off", fault.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_row_without_a_time_makes_no_event_and_an_empty_value_no_field()
    {
        var items = Read("1,,a,b,1,0\n2,2018-04-01,a,b,,0\n");

        Assert.Equal("2@1", Short(Assert.Single(items)));
        Assert.Equal(default, items[0].Event["amount"]);
    }

    [Fact]
    public void A_compressed_file_is_known_by_its_bytes_and_a_torn_one_is_told()
    {
        var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionMode.Compress, leaveOpen: true))
        {
            gzip.Write(Encoding.UTF8.GetBytes(Header + string.Concat(Enumerable.Range(0, 20_000).Select(i => $"{i},2018-04-01,{i * 7919 % 9973},b,1,0\n"))));
        }

        var whole = packed.ToArray();
        Assert.Equal(20_000, ReadAll(SourceFile.Decompressed(new MemoryStream(whole)), Handbook, 1).Count);
        whole[whole.Length / 2] ^= 0xFF;
        Assert.Throws<SourceException>(() => ReadAll(SourceFile.Decompressed(new MemoryStream(whole)), Handbook, 1));
    }

    [Fact]
    public void The_published_transactions_stream_in_order()
    {
        var path = Repository.SharedData("fraud/transactions.csv.gz");
        Assert.SkipWhen(path is null, "The published data is not beside this clone (../shared/data/fraud/transactions.csv.gz).");

        using var stream = SourceFile.Decompressed(File.OpenRead(path));
        var reader = new SourceReader(stream, "transactions.csv.gz", Handbook);
        var row = new EventRow();
        var latest = EventTime.FromUnixMilliseconds(EventTime.MaxUnixMilliseconds);
        var (payments, reports, last) = (0, 0, default(EventTime));
        while (reader.TryRead(out var item))
        {
            Assert.True(item.At >= last);
            last = item.At;
            _ = item.Plan == Report ? reports++ : payments++;
            Assert.True(RowReader.TryRead(item.Event, item.Plan, latest, latest, row, out var fault), fault?.ToString());
        }

        TestContext.Current.TestOutputHelper!.WriteLine(
            string.Create(CultureInfo.InvariantCulture, $"{payments} payments and {reports} reports"));
        Assert.Equal(1_466_282, payments);
        Assert.Equal(reader.Rows, payments);
        Assert.InRange(reports, 1, payments / 50);
    }

    private static string Short(SourceItem item) =>
        $"{(item.Plan == Report ? "fraud_report " : "")}{item.Event["transaction_id"]}@{item.Row.ToString(CultureInfo.InvariantCulture)}";

    private static List<SourceItem> Read(string rows, SourcePlan? plan = null, int disorder = SourceReader.DefaultDisorder) =>
        ReadFile(Header + rows, plan, disorder);

    private static List<SourceItem> ReadFile(string text, SourcePlan? plan = null, int disorder = SourceReader.DefaultDisorder)
    {
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(text));
        return ReadAll(stream, plan ?? Handbook, disorder);
    }

    private static List<SourceItem> ReadAll(Stream stream, SourcePlan plan, int disorder)
    {
        var reader = new SourceReader(stream, "test.csv", plan, disorder);
        List<SourceItem> items = [];
        while (reader.TryRead(out var item))
        {
            items.Add(item);
        }

        return items;
    }
}
