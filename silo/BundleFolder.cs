namespace Grid.Silo;

/// <summary>Finds a bundle's folder, wherever in the repository the silo is started from.</summary>
internal static class BundleFolder
{
    /// <summary>The folder as it is named from here, or from any folder above here or above the program.</summary>
    /// <exception cref="DirectoryNotFoundException">It is in none of them; they are told.</exception>
    public static string Find(string named)
    {
        var looked = new List<string>();
        foreach (var from in Above(Directory.GetCurrentDirectory()).Concat(Above(AppContext.BaseDirectory)).Distinct())
        {
            var folder = Path.GetFullPath(named, from);
            if (Directory.Exists(folder))
            {
                return folder;
            }

            looked.Add(folder);
            if (Path.IsPathRooted(named))
            {
                break;
            }
        }

        throw new DirectoryNotFoundException($"There is no bundle '{named}'; looked for {string.Join(", ", looked.Distinct().Take(3))}. Name its folder with --bundle DIR.");
    }

    private static IEnumerable<string> Above(string start)
    {
        for (var folder = new DirectoryInfo(start); folder is not null; folder = folder.Parent)
        {
            yield return folder.FullName;
        }
    }
}
