namespace Grid.Silo;

/// <summary>Finds what was mistyped on the command line: configuration takes any name, and would take a wrong one without a word.</summary>
internal static class SiloArguments
{
    private static readonly string[] Names = ["bundle", "data", "host", "urls", "environment", "contentRoot"];
    private static readonly string[] Sections = ["Grid:Engine:", "Grid:Gateway:", "Grid:Orleans:", "Grid:Bundle", "Grid:Host", "Logging:", "Kestrel:"];

    public static IEnumerable<string> Check(string[] args)
    {
        for (var i = 0; i < args.Length; i++)
        {
            if (!args[i].StartsWith("--", StringComparison.Ordinal))
            {
                yield return $"'{args[i]}' is no setting; settings are --NAME VALUE or --NAME=VALUE. --help lists them.";
                continue;
            }

            var equals = args[i].IndexOf('=', StringComparison.Ordinal);
            var name = equals < 0 ? args[i][2..] : args[i][2..equals];
            if (!Names.Contains(name, StringComparer.OrdinalIgnoreCase) && !Sections.Any(section => name.StartsWith(section, StringComparison.OrdinalIgnoreCase)))
            {
                yield return $"There is no setting '--{name}'. --help lists those that are.";
            }

            if (equals < 0 && ++i >= args.Length)
            {
                yield return $"'--{name}' has no value.";
            }
        }
    }
}
