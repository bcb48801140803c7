using System.Globalization;

namespace Grid.Drills;

/// <summary>Reads the command line and runs a drill.</summary>
internal static class DrillCommand
{
    private const string Usage = """
        usage: DRILL [--times N] [--seed N] [--rate CALLS_PER_SECOND] [--callers N] [--silos N] [--cards N] [--logs FOLDER] [--silo ARGUMENT]...

          calm     nothing is done to it (3 times ten seconds)
          kill     kill -9 of one silo, and again of another (10 times)
          freeze   SIGSTOP of a silo for 12 seconds, then SIGCONT (3 times)
          stop     SIGTERM of a silo, another in its place (3 times)
          join     one silo more, and its share of the live entities
          roll     every silo in turn replaced by one with a changed bundle

        The silo is the one that was built with this program; PostgreSQL must be on the machine.
        """;

    private static readonly Dictionary<string, (Func<DrillOptions, TextWriter, Task> Run, DrillOptions Default)> Drills = new(StringComparer.Ordinal)
    {
        ["calm"] = (CalmDrill.RunAsync, new() { Times = 3 }),
        ["kill"] = (KillDrill.RunAsync, new() { Times = 10 }),
        ["freeze"] = (FreezeDrill.RunAsync, new() { Times = 3 }),
        ["stop"] = (StopDrill.RunAsync, new() { Times = 3 }),
        ["join"] = (JoinDrill.RunAsync, new() { Cards = 1_500 }),
        ["roll"] = (RollDrill.RunAsync, new()),
    };

    public static async Task<int> RunAsync(string[] args, TextWriter output, TextWriter error)
    {
        if (args is not [var name, .. var rest] || !Drills.TryGetValue(name, out var drill) || Read(rest, drill.Default) is not { } options)
        {
            error.WriteLine(Usage);
            return 2;
        }

        try
        {
            await drill.Run(options, output);
            return 0;
        }
        catch (DrillException raised)
        {
            error.WriteLine(raised.Message);
            return 1;
        }
    }

    private static DrillOptions? Read(string[] args, DrillOptions options)
    {
        var silo = new List<string>();
        for (var i = 0; i + 1 < args.Length; i += 2)
        {
            if (args[i] == "--silo")
            {
                silo.Add(args[i + 1]);
                continue;
            }

            if (args[i] == "--logs")
            {
                options = options with { Logs = args[i + 1] };
                continue;
            }

            if (!int.TryParse(args[i + 1], CultureInfo.InvariantCulture, out var number))
            {
                return null;
            }

            options = args[i] switch
            {
                "--times" => options with { Times = number },
                "--seed" => options with { Seed = number },
                "--rate" => options with { CallsPerSecond = number },
                "--callers" => options with { Callers = number },
                "--silos" => options with { Silos = number },
                "--cards" => options with { Cards = number },
                _ => null!,
            };
            if (options is null)
            {
                return null;
            }
        }

        return args.Length % 2 == 0 ? options with { Silo = silo } : null;
    }
}
