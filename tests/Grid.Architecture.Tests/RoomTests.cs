namespace Grid.Architecture.Tests;

/// <summary>References point one way, and what a room keeps to itself is named nowhere else.</summary>
public sealed class RoomTests
{
    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["Grid"] = [],
        ["Grid.Features"] = ["Grid"],
        ["Grid.Models"] = ["Grid"],
        ["Grid.Decisions"] = ["Grid", "Grid.Features", "Grid.Models"],
        ["Grid.Engine"] = ["Grid", "Grid.Features", "Grid.Models", "Grid.Decisions"],
        ["Grid.Orleans"] = ["Grid", "Grid.Features", "Grid.Models", "Grid.Decisions", "Grid.Postgres"],
        ["Grid.Postgres"] = ["Grid"],
        ["Grid.Gateway"] = ["Grid"],
        ["Grid.Client"] = ["Grid"],
        ["Grid.Simulation"] = ["Grid"],
        ["Grid.Cli"] = ["Grid", "Grid.Features", "Grid.Decisions", "Grid.Engine", "Grid.Orleans", "Grid.Client", "Grid.Simulation"],
        ["Grid.Sample"] = ["Grid", "Grid.Orleans"],
        ["Grid.Silo"] = ["Grid", "Grid.Decisions", "Grid.Engine", "Grid.Orleans", "Grid.Gateway", "Grid.Client", "Grid.Simulation"],
    };

    internal static IEnumerable<string> All => Allowed.Keys;

    public static TheoryData<string> Rooms => [.. Allowed.Keys];

    [Theory]
    [MemberData(nameof(Rooms))]
    public void A_room_references_only_rooms_below_it(string room) =>
        Assert.Empty(ProjectFiles.References(room).Except(Allowed[room]));

    [Fact]
    public void Every_project_outside_tests_is_a_known_room()
    {
        var tests = Path.DirectorySeparatorChar + "tests" + Path.DirectorySeparatorChar;
        var rooms = ProjectFiles.All.Where(project => !project.Value.Contains(tests, StringComparison.Ordinal)).Select(project => project.Key);

        Assert.Equal(Allowed.Keys.Order(StringComparer.Ordinal), rooms.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void The_contract_references_no_package() => Assert.Empty(ProjectFiles.Packages("Grid"));

    [Theory]
    [InlineData("Microsoft.ML.OnnxRuntime", "Grid.Models")]
    [InlineData("Microsoft.Data.Sqlite", "Grid.Engine")]
    [InlineData("Azure", "Grid.Orleans")]
    [InlineData("Npgsql", "Grid.Postgres", "Grid.Orleans", "Grid.Silo")]
    [InlineData("YamlDotNet", "Grid.Features", "Grid.Decisions")]
    [InlineData("Microsoft.AspNetCore.Http", "Grid.Gateway", "Grid.Silo")]
    [InlineData("Orleans", "Grid.Orleans", "Grid.Silo", "Grid.Cli", "Grid.Sample")]
    public void What_a_room_keeps_to_itself_is_used_nowhere_else(string @namespace, params string[] rooms)
    {
        var using_ = $"using {@namespace}";
        var others = Allowed.Keys.Except(rooms).SelectMany(ProjectFiles.Sources)
            .Where(path => File.ReadLines(path).Any(line => line.StartsWith(using_, StringComparison.Ordinal)));

        Assert.Empty(others);
    }

    // GZipStream takes the end of a file that breaks off for the end of its data. A request body is read as it comes, which the strict reader
    // of files cannot do; GzipBody.cs finds its true end in another way.
    [Fact]
    public void Gzip_is_decompressed_by_the_strict_reader_alone()
    {
        string[] lenient = ["CompressionMode." + "Decompress", "DecompressionMethods" + "."];
        var readers = ProjectFiles.All.Keys.SelectMany(ProjectFiles.Sources).Where(path => Path.GetFileName(path) is not ("StrictGzipStream.cs" or "GzipBody.cs"))
            .Where(path => File.ReadLines(path).Any(line => lenient.Any(word => line.Contains(word, StringComparison.Ordinal))));

        Assert.Empty(readers);
    }

    [Theory]
    [InlineData("Grid.Silo")]
    [InlineData("Grid.Client")]
    [InlineData("Grid.Cli")]
    [InlineData("Grid.Sample")]
    [InlineData("Grid.Simulation")]
    public void Durations_are_measured_by_a_time_provider(string room) => Assert.DoesNotContain(
        ProjectFiles.Sources(room), path => File.ReadAllText(path).Contains("Stopwatch", StringComparison.Ordinal));

    [Theory]
    [InlineData("Grid.Features")]
    [InlineData("Grid.Decisions")]
    public void A_pure_room_reads_no_clock_and_starts_no_thread(string room)
    {
        string[] impure = ["TimeProvider", "Stopwatch", "Environment.TickCount", "new Thread(", "Task.Run("];
        var slips = ProjectFiles.Sources(room)
            .Where(path => File.ReadLines(path).Any(line => impure.Any(word => line.Contains(word, StringComparison.Ordinal))));

        Assert.Empty(slips);
    }
}
