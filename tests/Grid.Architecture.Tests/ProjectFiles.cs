using System.Xml.Linq;

using Grid.Testing;

namespace Grid.Architecture.Tests;

/// <summary>What the project files of the repository say.</summary>
internal static class ProjectFiles
{
    /// <summary>Every project by its name.</summary>
    public static IReadOnlyDictionary<string, string> All { get; } = new[] { "src", "silo", "client", "tests" }
        .SelectMany(folder => Directory.EnumerateFiles(Path.Combine(Repository.Root, folder), "*.csproj", SearchOption.AllDirectories))
        .Where(path => !path.Contains("node_modules", StringComparison.Ordinal))
        .ToDictionary(path => Path.GetFileNameWithoutExtension(path), StringComparer.Ordinal);

    /// <summary>Names of the projects that a project references.</summary>
    public static IEnumerable<string> References(string project) =>
        Items(project, "ProjectReference").Select(path => Path.GetFileNameWithoutExtension(path.Replace('\\', '/')));

    /// <summary>Names of the packages that a project references itself.</summary>
    public static IEnumerable<string> Packages(string project) => Items(project, "PackageReference");

    /// <summary>Every C# file of a project, generated ones and those of packages aside.</summary>
    public static IEnumerable<string> Sources(string project) =>
        Directory.EnumerateFiles(Path.GetDirectoryName(All[project])!, "*.cs", SearchOption.AllDirectories)
            .Where(path => !path.Split(Path.DirectorySeparatorChar).Any(part => part is "obj" or "bin" or "node_modules"));

    private static IEnumerable<string> Items(string project, string item) =>
        XDocument.Load(All[project]).Descendants(item).Select(element => element.Attribute("Include")!.Value);
}
