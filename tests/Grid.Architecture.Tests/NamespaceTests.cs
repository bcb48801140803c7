using System.Text.RegularExpressions;
using Grid.Testing;

namespace Grid.Architecture.Tests;

/// <summary>The namespace of a file is its project and folder.</summary>
public sealed partial class NamespaceTests
{
    // Extension methods are in the namespace of the type that they extend, so that callers find them.
    private const string Extensions = "Microsoft.Extensions.DependencyInjection";

    // Their folders change when the engine and its hosts become one; until then each is one namespace.
    private static readonly string[] Pending = ["Grid.Engine", "Grid.Orleans", "Grid.Postgres"];

    public static TheoryData<string> Rooms => [.. RoomTests.All.Except(Pending)];

    [Theory]
    [MemberData(nameof(Rooms))]
    public void Namespace_of_a_file_is_its_folder(string room)
    {
        var project = Path.GetDirectoryName(ProjectFiles.All[room])!;
        var others =
            from path in ProjectFiles.Sources(room)
            let found = Declared().Match(File.ReadAllText(path)).Groups[1].Value
            let folder = Path.GetRelativePath(project, Path.GetDirectoryName(path)!)
            let expected = folder == "." ? room : $"{room}.{folder.Replace(Path.DirectorySeparatorChar, '.')}"
            where found.Length > 0 && found != expected && found != Extensions
            select $"{Path.GetRelativePath(Repository.Root, path)}: expected {expected}, found {found}";

        Assert.Empty(others);
    }

    [GeneratedRegex(@"^namespace ([\w.]+);", RegexOptions.Multiline)]
    private static partial Regex Declared();
}
