using Grid.Decisions.Definitions;

namespace Grid.Decisions.Tests.Definitions;

/// <summary>Every mistake is told with its place, its name, what was found and what would do: a table of broken bundles.</summary>
public sealed class FaultTests
{
    private static readonly string Approved =
        Path.Combine(Repository.Root, "tests", "Grid.Decisions.Tests", "Definitions", "Faults.approved.txt");

    [Fact]
    public void The_bundle_that_the_cases_break_is_in_order()
    {
        using var folder = PaymentsBundle.Write();

        Assert.Equal("payments", BundleReader.Read(folder.Path).Name);
    }

    [Fact]
    public void Every_broken_bundle_is_told_in_the_approved_words()
    {
        var cases = FaultCase.Read(Approved);
        var now = cases.Select(broken => broken.Write(FaultsOf(broken))).ToList();

        var received = Approved.Replace(".approved.", ".received.", StringComparison.Ordinal);
        File.Delete(received);
        if (cases.Zip(now).Any(pair => pair.First.Write(pair.First.Told) != pair.Second))
        {
            File.WriteAllText(received, string.Join("\n\n", now) + "\n");
            var (was, told) = cases.Zip(now).First(pair => pair.First.Write(pair.First.Told) != pair.Second);
            Assert.Fail($"approved:\n{was.Write(was.Told)}\n\nnow:\n{told}\n\nTo accept every change: mv {received} {Approved}");
        }
    }

    [Fact]
    public void Every_approved_case_is_a_fault_and_titles_are_different()
    {
        var cases = FaultCase.Read(Approved);

        Assert.All(cases, broken => Assert.NotEmpty(broken.Told));
        Assert.Equal(cases.Count, cases.Select(broken => broken.Title).Distinct().Count());
    }

    private static List<string> FaultsOf(FaultCase broken)
    {
        using var folder = PaymentsBundle.Write(broken.Apply(PaymentsBundle.Text));
        var thrown = Record.Exception(() => BundleReader.Read(folder.Path));
        return thrown switch
        {
            null => [],
            BundleException told => [.. told.Diagnostics.Select(fault => fault.ToString())],
            _ => [thrown.ToString().ReplaceLineEndings(" ")],
        };
    }
}
