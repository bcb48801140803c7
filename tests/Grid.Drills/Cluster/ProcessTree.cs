using System.Globalization;

namespace Grid.Drills;

/// <summary>Reads what a process and its children have spent, from <c>/proc</c>.</summary>
internal static class ProcessTree
{
    // Linux counts in hundredths of a second, whatever the machine.
    private const double TicksPerSecond = 100;

    /// <summary>Processor time of a process, of its children that run, and of those that have ended.</summary>
    public static TimeSpan CpuOf(int process)
    {
        var ticks = Ticks(process, withEnded: true);
        foreach (var child in File.ReadAllText($"/proc/{process}/task/{process}/children").Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            try
            {
                ticks += Ticks(int.Parse(child, CultureInfo.InvariantCulture), withEnded: false);
            }
            catch (IOException)
            {
                // It has ended meanwhile, and is counted with those that have the next time.
            }
        }

        return TimeSpan.FromSeconds(ticks / TicksPerSecond);
    }

    private static long Ticks(int process, bool withEnded)
    {
        // The name, in parentheses, may hold anything; after it come the state (field 3) and numbers: 14 and 15 its own time, 16 and 17 that of ended children.
        var stat = File.ReadAllText($"/proc/{process}/stat");
        var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        return fields.AsSpan(11, withEnded ? 4 : 2).ToArray().Sum(field => long.Parse(field, CultureInfo.InvariantCulture));
    }
}
