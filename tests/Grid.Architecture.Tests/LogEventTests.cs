namespace Grid.Architecture.Tests;

/// <summary>Alerts and runbooks find a log event by its id alone, so an id means one event in the whole product.</summary>
public sealed class LogEventTests
{
    /// <summary>The thousand that the ids of a project come from.</summary>
    private static readonly Dictionary<string, int> Thousands = new()
    {
        ["Grid.Engine"] = 1,
        ["Grid.Models"] = 2,
        ["Grid.Gateway"] = 3,
        ["Grid.Orleans"] = 4,
        ["Grid.Postgres"] = 5,
        ["Grid.Silo"] = 6,
        ["Grid.Cli"] = 7,
        ["Grid.Client"] = 8,
    };

    private static readonly List<LogEvent> All = [.. ProductProjects.SelectMany(DeclaredIn)];

    private static IEnumerable<string> ProductProjects
    {
        get
        {
            var tests = Path.DirectorySeparatorChar + "tests" + Path.DirectorySeparatorChar;
            return ProjectFiles.All.Where(project => !project.Value.Contains(tests, StringComparison.Ordinal))
                .Select(project => project.Key);
        }
    }

    [Fact]
    public void Every_log_event_has_an_id_of_its_own()
    {
        Assert.NotEmpty(All);
        Assert.Equal("", string.Join('\n', Repeats(All)));
        Assert.DoesNotContain(All, one => one.Id is null);
    }

    [Fact]
    public void Ids_of_a_project_come_from_its_own_thousand() =>
        Assert.Empty(All.Where(one => one.Id / 1000 != Thousands.GetValueOrDefault(one.Project)).Select(one => $"{one} has id {one.Id}."));

    [Fact]
    public void Nothing_is_logged_without_a_declared_event()
    {
        var slips = ProductProjects.SelectMany(ProjectFiles.Sources)
            .SelectMany(path => LogEvent.AdHocLines(File.ReadAllText(path)).Select(line => $"{path}: {line.Trim()}"));

        Assert.Empty(slips);
    }

    [Fact]
    public void A_repeated_id_is_reported_with_both_events()
    {
        const string one = """
            [LoggerMessage(41, LogLevel.Error, "A [bracket], a (parenthesis) and a \" quote")]
            public static partial void First(ILogger logger);

            [LoggerMessage(Level = LogLevel.Debug, EventId = 42, Message = "m")]
            internal static partial void Second(ILogger logger);
            """;
        const string other = """
            [LoggerMessage(
                eventId: 4_1, LogLevel.Error,
                "m")]
            private partial void Third(Exception raised);

            [LoggerMessage(LogLevel.Error, "No id of 41")]
            private partial void Fourth();
            """;

        List<LogEvent> found = [.. LogEvent.Of("A", one), .. LogEvent.Of("B", other)];

        Assert.Equal(
            [("A.First", 41), ("A.Second", 42), ("B.Third", 41), ("B.Fourth", null)],
            found.Select(log => (log.ToString(), log.Id)));
        Assert.Equal(["41: A.First, B.Third"], Repeats(found));
    }

    [Theory]
    [InlineData("log.LogWarning(\"m\");", true)]
    [InlineData("_log.Log(LogLevel.Error, 7, \"m\");", true)]
    [InlineData("var id = new EventId(7);", true)]
    [InlineData("Math.Log(x);", false)]
    [InlineData("GatewayLog.Failed(log, path, raised);", false)]
    public void A_line_that_logs_ad_hoc_is_found(string line, bool isFound) => Assert.Equal(isFound, LogEvent.AdHocLines(line).Any());

    private static IEnumerable<LogEvent> DeclaredIn(string project) =>
        ProjectFiles.Sources(project).SelectMany(path => LogEvent.Of(project, File.ReadAllText(path)));

    private static IEnumerable<string> Repeats(IEnumerable<LogEvent> events) => events
        .Where(one => one.Id is not null)
        .GroupBy(one => one.Id)
        .Where(sameId => sameId.Count() > 1)
        .Select(sameId => $"{sameId.Key}: {string.Join(", ", sameId)}");
}
