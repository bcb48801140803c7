using System.Text.Json;
using System.Text.RegularExpressions;
using Grid.Infra.Tests.Manifests;
using Grid.Testing;

namespace Grid.Infra.Tests;

/// <summary>What the container file says fits the repository and the manifests. No engine builds it here.</summary>
public sealed partial class ContainerFileTests
{
    private static readonly string[] Lines = Continued().Replace(File.ReadAllText(Path.Combine(Repository.Root, "infra", "containers", "Containerfile")), " ")
        .Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Where(line => !line.StartsWith('#')).ToArray();

    [Fact]
    public void Everything_that_is_copied_is_in_the_repository()
    {
        var copied = Lines.Where(line => line.StartsWith("COPY ", StringComparison.Ordinal) && !line.Contains("--from=", StringComparison.Ordinal))
            .SelectMany(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1..^1]).ToList();

        Assert.NotEmpty(copied);
        Assert.All(copied, source => Assert.True(Path.Exists(Path.Combine(Repository.Root, source)), $"There is no '{source}'."));
    }

    [Fact]
    public void Everything_that_the_silo_is_built_of_is_copied()
    {
        var copied = Lines.Where(line => line.StartsWith("COPY ", StringComparison.Ordinal)).SelectMany(line => line.Split(' ')[1..^1]).ToHashSet(StringComparer.Ordinal);
        var referred = Reference().Matches(File.ReadAllText(Path.Combine(Repository.Root, "silo", "Grid.Silo.csproj"))).Select(match => match.Groups[1].Value).Distinct();

        string[] whole = ["silo", "bundles", "Directory.Build.props", "Directory.Build.targets", "Directory.Packages.props"];
        Assert.Empty(referred.Concat(whole).Except(copied));
    }

    [Fact]
    public void Every_stage_that_is_named_is_there()
    {
        var stages = Lines.Where(line => line.StartsWith("FROM ", StringComparison.Ordinal)).Select(line => line.Split(" AS ")[1]).ToHashSet(StringComparer.Ordinal);

        Assert.All(Lines.Select(line => From().Match(line)).Where(match => match.Success), match => Assert.Contains(match.Groups[1].Value, stages));
    }

    [Theory]
    [InlineData("silo")]
    [InlineData("gateway")]
    public void An_image_is_what_its_pods_take_it_for(string target)
    {
        var stage = Stage(target);
        var overlay = Rendered.Read("production");
        var workload = overlay.Workloads.Single(one => one.Name == $"grid-{target}");
        var container = workload.Containers.Single();
        var opened = stage.Where(line => line.StartsWith("EXPOSE ", StringComparison.Ordinal)).SelectMany(line => line.Split(' ')[1..]).Select(int.Parse);

        Assert.StartsWith($"grid-{target}:", container["image"].Text, StringComparison.Ordinal);
        Assert.Equal(container["args"].Items.Select(arg => arg.Text), JsonSerializer.Deserialize<string[]>(stage.Last(line => line.StartsWith("CMD ", StringComparison.Ordinal))[4..]));
        Assert.Equal(workload.Ports.Values.Order(), opened.Order());
        Assert.Equal($"USER {workload.Pod.At("securityContext.runAsUser").Text}:{workload.Pod.At("securityContext.runAsGroup").Text}",
            stage.Last(line => line.StartsWith("USER ", StringComparison.Ordinal)));
        Assert.Contains("ENTRYPOINT [\"dotnet\", \"/app/Grid.Silo.dll\"]", stage);
        Assert.Contains($"ENV Grid__Bundle={overlay.Environment(container).Single(one => one.Name == "Grid__Bundle").Value}", stage);
    }

    /// <summary>A stage's lines, those of the stage it is made from first.</summary>
    private static List<string> Stage(string name)
    {
        var start = Array.FindIndex(Lines, line => line.StartsWith("FROM ", StringComparison.Ordinal) && line.EndsWith($" AS {name}", StringComparison.Ordinal));
        Assert.True(start >= 0, $"There is no stage '{name}'.");
        var own = Lines.Skip(start + 1).TakeWhile(line => !line.StartsWith("FROM ", StringComparison.Ordinal));
        var parent = Lines[start].Split(' ')[^3];
        return parent.Contains('/', StringComparison.Ordinal) || parent.Contains(':', StringComparison.Ordinal) ? [.. own] : [.. Stage(parent), .. own];
    }

    [GeneratedRegex(@"\\\n")]
    private static partial Regex Continued();

    [GeneratedRegex(@"--from=(\S+)")]
    private static partial Regex From();

    [GeneratedRegex("""ProjectReference Include="\.\./([a-z]+)/""")]
    private static partial Regex Reference();
}
