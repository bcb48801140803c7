using Grid.Testing;

namespace Grid.Architecture.Tests;

/// <summary>The files of the repository that people write: nothing that a build makes, no data.</summary>
internal static class RepositoryFiles
{
    private static readonly string[] Skipped = ["bin", "obj", "node_modules", ".git", "data", "TestResults"];

    /// <summary>Paths from the repository's root of the files with one of these endings.</summary>
    public static IEnumerable<string> EndingIn(params string[] endings) => In(Repository.Root)
        .Where(path => endings.Any(ending => path.EndsWith(ending, StringComparison.Ordinal)))
        .Select(path => Path.GetRelativePath(Repository.Root, path));

    public static string Text(string path) => File.ReadAllText(Path.Combine(Repository.Root, path));

    /// <summary>Whether a file or a folder of the repository has this path.</summary>
    public static bool Exists(string path) => Path.Exists(Path.Combine(Repository.Root, path));

    private static IEnumerable<string> In(string folder) => Directory.EnumerateFiles(folder).Concat(
        Directory.EnumerateDirectories(folder).Where(path => !Skipped.Contains(Path.GetFileName(path))).SelectMany(In));
}
