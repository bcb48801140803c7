namespace Grid.Testing;

/// <summary>Finds the repository that a test runs in, its bundles, and the real data beside it.</summary>
public static class Repository
{
    /// <summary>The folder that holds <c>Grid.sln</c>.</summary>
    /// <exception cref="DirectoryNotFoundException">The tests run outside a clone.</exception>
    public static string Root { get; } = FindRoot();

    /// <summary>The folder of a bundle that ships, such as <c>fraud</c>.</summary>
    public static string Bundle(string name) => Path.Combine(Root, "bundles", name);

    /// <summary>The file of a model that tests are made with, such as <c>logistic</c>.</summary>
    public static string Model(string name) => Path.Combine(Root, "tests", "Grid.Models.Tests", "models", name + ".onnx");

    /// <summary>The real data beside the clone, which is not part of it; null where a clone stands alone.</summary>
    /// <param name="relative">A path below <c>shared/data</c>, such as <c>fraud/transactions.csv.gz</c>.</param>
    public static string? SharedData(string relative)
    {
        var path = Path.GetFullPath(Path.Combine(Root, "..", "shared", "data", relative));
        return File.Exists(path) ? path : null;
    }

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Grid.sln")))
            {
                return folder.FullName;
            }
        }

        throw new DirectoryNotFoundException($"No Grid.sln in any folder above '{AppContext.BaseDirectory}'.");
    }
}
