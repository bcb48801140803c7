using System.Text;

namespace Grid.Benchmarks;

/// <summary>Runs every measure at the smallest size and fails where one raises an exception or prints no line.</summary>
internal static class SmokeRun
{
    /// <param name="measures">The measures by name.</param>
    /// <param name="noPostgres">Why there is no PostgreSQL server; null where there is one.</param>
    /// <returns>The exit code of the program: 0 where every measure that ran printed something.</returns>
    public static async Task<int> RunAsync(
        IEnumerable<(string Name, bool NeedsPostgres, Func<Scale, Task> Run)> measures, string? noPostgres)
    {
        var failed = new List<string>();
        foreach (var (name, needsPostgres, run) in measures)
        {
            if (needsPostgres && noPostgres is not null)
            {
                Console.WriteLine($"smoke {name} skipped: {noPostgres}");
            }
            else if (!await PrintsAsync(name, run))
            {
                failed.Add(name);
            }
        }

        Console.WriteLine(failed.Count == 0 ? "smoke: every measure ran" : $"smoke: failed: {string.Join(", ", failed)}");
        return failed.Count == 0 ? 0 : 1;
    }

    private static async Task<bool> PrintsAsync(string name, Func<Scale, Task> run)
    {
        var output = Console.Out;
        var counted = new LineCounter(output);
        Console.SetOut(counted);
        try
        {
            await run(Scale.Smoke);
        }
        catch (Exception raised)
        {
            await Console.Error.WriteLineAsync($"smoke {name} failed: {raised}");
            return false;
        }
        finally
        {
            Console.SetOut(output);
        }

        await output.WriteLineAsync(counted.Lines > 0 ? $"smoke {name} ok" : $"smoke {name} failed: it printed nothing");
        return counted.Lines > 0;
    }

    private sealed class LineCounter(TextWriter output) : TextWriter
    {
        public int Lines { get; private set; }

        public override Encoding Encoding => output.Encoding;

        public override void Write(char value) => output.Write(value);

        public override void Write(string? value) => output.Write(value);

        public override void WriteLine(string? value)
        {
            Lines++;
            output.WriteLine(value);
        }
    }
}
