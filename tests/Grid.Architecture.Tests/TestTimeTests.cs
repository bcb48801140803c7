using System.Text.RegularExpressions;

using Grid.Testing;

namespace Grid.Architecture.Tests;

/// <summary>
/// A test that depends on how fast the machine is says nothing when it is green: time in tests is a clock that the test moves, and order
/// comes from signals.
/// </summary>
public sealed partial class TestTimeTests
{
    /// <summary>What measures and drills on purpose, and the one limit on real time.</summary>
    private static readonly string[] Exempt = ["tests/Grid.Benchmarks/", "tests/Grid.Drills/", "tests/Grid.Testing/Limit.cs"];

    [Fact]
    public void No_test_sleeps_measures_real_time_or_has_a_limit_of_its_own()
    {
        var sources = Sources().Where(path => !Array.Exists(Exempt, start => path.StartsWith(start, StringComparison.Ordinal)));

        Assert.Empty(sources.SelectMany(SlipsOf));
    }

    [Theory]
    [InlineData("Thread.Sleep(5);")]
    [InlineData("Thread.CurrentThread.Join(milliseconds);")]
    [InlineData("await Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System);")]
    [InlineData("await Task.Delay(100);")]
    [InlineData("await Task.Delay(Pause, cancellation);")]
    [InlineData("var started = Stopwatch.GetTimestamp();")]
    [InlineData("output.WriteLine($\"it took {Stopwatch.StartNew().Elapsed}\");")]
    [InlineData("var now = DateTime.UtcNow;")]
    [InlineData("var now = DateTimeOffset.Now;")]
    [InlineData("var seed = Environment.TickCount64;")]
    [InlineData("SpinWait.SpinUntil(() => done);")]
    [InlineData("Thread.SpinWait(100);")]
    [InlineData("var took = time.GetElapsedTime(started);")]
    [InlineData("stop.CancelAfter(1_000);")]
    [InlineData("using var stop = new CancellationTokenSource(TimeSpan.FromSeconds(1));")]
    [InlineData("using CancellationTokenSource stop = new(TimeSpan.FromSeconds(1));")]
    [InlineData("await all.WaitAsync(TimeSpan.FromMinutes(1), Cancellation);")]
    [InlineData("await all.WaitAsync(Limit.Generous);")]
    [InlineData("await all.WaitAsync(StartsWithin, TestContext.Current.CancellationToken);")]
    [InlineData("var words = $\"{string.Join(\", \", all)}\" + $\"{{ {one} }}\"; Thread.Sleep(5); words = \"\";")]
    [InlineData("var words = $$\"\"\"{\"a\": {{Stopwatch.StartNew()}}}\"\"\"; words = \"\";")]
    [InlineData("var words = @\"C:\\\"; Thread.Sleep(5); words = \"\";")]
    [InlineData("Assert.True(over.Wait(TimeSpan.FromSeconds(20)));")]
    [InlineData("Assert.True(over.Wait(30_000));")]
    [InlineData("over.WaitOne(100);")]
    [InlineData("thread.Join(1000);")]
    [InlineData("process.WaitForExit(5_000);")]
    [InlineData("using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(2));")]
    [InlineData("[Fact(Timeout = 1000)]")]
    public void A_slip_is_found(string line) =>
        Assert.Single(SlipsOf("it.cs", line + "\n// Thread.Sleep(1)\nvar words = \"Stopwatch\"; /* SpinWait */"));

    [Theory]
    [InlineData("await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellation);")]
    [InlineData("await Task.Delay(TimeSpan.FromSeconds(1), _time, cancellation);")]
    [InlineData("using var timer = new PeriodicTimer(beat, city.Time);")]
    [InlineData("using var done = new CancellationTokenSource();")]
    [InlineData("await ready.WaitAsync(Cancellation); await ready.WaitAsync();")]
    [InlineData("await done.Task.InTime();")]
    [InlineData("held.Wait(); thread.Join(); process.WaitForExit();")]
    [InlineData("var all = string.Join(1, words); var path = Path.Join(100, x);")]
    [InlineData("""var words = "Thread.Sleep(1) \" Stopwatch"; var quote = '"'; // Environment.TickCount""")]
    [InlineData("var words = @\"\"\"Stopwatch\"\" C:\\\";")]
    [InlineData("var words = $\"Stopwatch {one:0.0} {{ SpinWait {other switch { 1 => \"Thread.Sleep(5)\", _ => \"\" }}\";")]
    [InlineData("Assert.Equal('\\'', text[0]); Assert.Equal('\"', text[1]); words = \"SpinWait\";")]
    public void What_waits_for_signals_or_on_a_tests_own_clock_is_none(string line) => Assert.Empty(SlipsOf("it.cs", line));

    private static IEnumerable<string> Sources() =>
        Directory.EnumerateFiles(Path.Combine(Repository.Root, "tests"), "*.cs", SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(Repository.Root, path).Replace('\\', '/'))
            .Where(path => !path.Split('/').Any(part => part is "obj" or "bin"));

    private static IEnumerable<string> SlipsOf(string path) => SlipsOf(path, File.ReadAllText(Path.Combine(Repository.Root, path)));

    private static IEnumerable<string> SlipsOf(string path, string source)
    {
        var code = CodeText.Of(source);
        var lines = code.Split('\n');
        return RealTime.Matches(code).Select(slip => code.AsSpan(0, slip.Index).Count('\n')).Distinct()
            .Select(line => $"{path}:{line + 1}: {lines[line].Trim()}");
    }

    // A wait or a timer that is given a clock of the test's own (time, Time, _time, clock) is moved by the test.
    [GeneratedRegex(
        """
        \bThread\.(Sleep|SpinWait)\b | \bSpinWait\b | \bSpinUntil\b | \bStopwatch\b | \bTickCount(64)?\b
        | \bGetElapsedTime\b | \bCancelAfter\( | \bDateTime(Offset)?\.(UtcNow|Now|Today)\b
        | \bTask\.Delay\( (?!Timeout\.Infinite) (?![^;]*\b\w*([tT]ime|[cC]lock)\b\s*[,)])
        | \bnew\ PeriodicTimer\( (?![^;]*\b\w*([tT]ime|[cC]lock)\b\s*[,)]) | \bnew\ (System\.Threading\.)?Timer\(
        | \bCancellationTokenSource(\ \w+\ =\ new)?\( (?!\s*\)) (?![^;]*\b\w*([tT]ime|[cC]lock)\b\s*[,)])
        | (?<!\b([sS]tring|Path))\.(Wait|WaitOne|WaitAll|WaitAny|WaitForExit|Join|SignalAndWait)\(
          (\d|\w*[mM]illi|[^;]*\b(TimeSpan|Limit)\b)
        | \.WaitAsync\( (?!\s*\)) (?![\w.]*([cC]ancellation(Token)?|[tT]oken|default)\s*\))
        | \[(Fact|Theory)\([^\]]*\bTimeout\b
        """,
        RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex RealTime { get; }
}
