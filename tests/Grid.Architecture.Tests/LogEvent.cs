using System.Globalization;
using System.Text.RegularExpressions;

namespace Grid.Architecture.Tests;

/// <summary>A log event that source code declares.</summary>
/// <param name="Project">The project that declares it.</param>
/// <param name="Id">Its id; null where the attribute gives none.</param>
/// <param name="Method">The method that logs it.</param>
internal sealed partial record LogEvent(string Project, int? Id, string Method)
{
    /// <summary>The log events of one source file, in the order of their declarations.</summary>
    public static IEnumerable<LogEvent> Of(string project, string source) => Declaration().Matches(source).Select(match =>
        new LogEvent(project, IdOf(match.Groups["arguments"].Value), match.Groups["method"].Value));

    /// <summary>Lines that log without a generated logger, so that their event has no declared id.</summary>
    public static IEnumerable<string> AdHocLines(string source) => source.Split('\n').Where(line => AdHoc().IsMatch(line));

    public override string ToString() => $"{Project}.{Method}";

    private static int? IdOf(string arguments)
    {
        var id = NamedId().Match(arguments) is { Success: true } named ? named : FirstId().Match(arguments);
        var digits = id.Groups["id"].Value.Replace("_", "", StringComparison.Ordinal);
        return id.Success ? int.Parse(digits, CultureInfo.InvariantCulture) : null;
    }

    [GeneratedRegex("""\[LoggerMessage(Attribute)?\((?<arguments>(?:[^"\]]|"(?:[^"\\]|\\.)*")*)\)\s*\][^;{]*?\bvoid\s+(?<method>\w+)""")]
    private static partial Regex Declaration();

    [GeneratedRegex("""\b[Ee]ventId\s*[:=]\s*(?<id>[0-9_]+)""")]
    private static partial Regex NamedId();

    [GeneratedRegex("""^\s*(?<id>[0-9_]+)""")]
    private static partial Regex FirstId();

    [GeneratedRegex("""\.Log(Trace|Debug|Information|Warning|Error|Critical)\(|\.Log\(\s*LogLevel\.|\bnew EventId\(|\bLoggerMessage\.Define""")]
    private static partial Regex AdHoc();
}
