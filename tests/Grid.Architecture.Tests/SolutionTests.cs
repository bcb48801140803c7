using Grid.Testing;

namespace Grid.Architecture.Tests;

public sealed class SolutionTests
{
    [Fact]
    public void Every_project_is_in_the_solution()
    {
        var solution = File.ReadAllText(Path.Combine(Repository.Root, "Grid.sln"));

        Assert.DoesNotContain(ProjectFiles.All.Keys, name => !solution.Contains(name + ".csproj", StringComparison.Ordinal));
    }

    [Fact]
    public void Versions_of_packages_stand_in_one_file()
    {
        var slips = ProjectFiles.All.Values.Where(path => File.ReadAllText(path) is var text
            && text.Contains("PackageReference", StringComparison.Ordinal) && text.Contains(" Version=", StringComparison.Ordinal));

        Assert.Empty(slips);
    }
}
