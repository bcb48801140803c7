using System.Globalization;
using Grid.Cli;
using Grid.Testing;

namespace Grid.EndToEnd.Tests.Eats;

/// <summary>The real month through <c>grid replay</c>: what it writes, how good the arrival times are, and that they are what the plain calibration gives.</summary>
public sealed class EtaReplayTests(ITestOutputHelper output)
{
    private const double Agreement = 1e-9;

    [Fact]
    public async Task Replay_answers_every_row_in_order_within_the_goals()
    {
        if (DeliveriesFile.Path is not { } file)
        {
            Assert.Skip(DeliveriesFile.Absent);
            return;
        }

        using var folder = new TemporaryFolder();
        var written = Path.Combine(folder.Path, "out.csv");
        var (told, error) = (new StringWriter(), new StringWriter());
        string[] command = ["replay", file, "--bundle", Repository.Bundle("eats"), "--source", "deliveries", "--decision", "eta", "--out", written];

        Assert.Equal(0, await GridCommand.RunAsync(command, new(TextReader.Null, told, error, IsInteractive: false), TestContext.Current.CancellationToken));

        var rows = DeliveriesFile.Read();
        var lines = File.ReadAllLines(written).Select(line => line.Split(',')).ToList();
        Assert.Equal("row", lines[0][0]);
        Assert.Equal(Enumerable.Range(0, rows.Count).Select(row => row.ToString(CultureInfo.InvariantCulture)), lines.Skip(1).Select(line => line[0]));
        var said = Columns(lines, "p20_s", "p50_s", "p80_s");
        var answers = Columns(lines, "eta_p20_s", "eta_p50_s", "eta_p80_s");
        var scored = rows.Where(row => row.Counts && row.Day is >= 17 and <= 23).ToList();
        var error50 = scored.Average(row => Math.Abs(row.Took - answers[row.Row][1]));
        var covered = scored.Average(row => row.Took >= answers[row.Row][0] && row.Took <= answers[row.Row][2] ? 100.0 : 0);
        var twin = new PlainCalibration(rows, said);
        var apart = rows.Select(row => Apart(twin.Answer(row, said[row.Row]), answers[row.Row])).ToList();
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{scored.Count} orders of days 17 to 23: mean absolute error {error50:0.0} s, covered {covered:0.0} %; the plain calibration differs by at most {apart.Max():0.0e0}"));

        Assert.Equal(3_299, scored.Count);
        Assert.InRange(error50, 0, 600);
        Assert.InRange(covered, 57, 63);
        Assert.InRange(apart.Max(), 0, Agreement);
        Assert.InRange(rows.Count(row => Apart(said[row.Row], answers[row.Row]) > 0.01), rows.Count / 2, rows.Count); // The calibration was at work.
    }

    private static List<double[]> Columns(List<string[]> lines, params string[] names)
    {
        var places = names.Select(name => Array.IndexOf(lines[0], name)).ToArray();
        Assert.DoesNotContain(-1, places);
        return [.. lines.Skip(1).Select(line => places.Select(place => double.Parse(line[place], CultureInfo.InvariantCulture)).ToArray())];
    }

    private static double Apart(double[] expected, double[] found) => expected.Zip(found, (one, other) => Math.Abs(one - other) / one).Max();
}
