namespace Grid.Features.Naming;

/// <summary>Suggests names for misspelt ones, for diagnostics.</summary>
internal static class NearNames
{
    private const int MostSuggested = 3;

    /// <summary>
    /// The known names nearest to an unknown one, nearest first, at most three. A name is near if it differs in letter case only, or in
    /// about a third of its characters, or is the last part of a dotted name.
    /// </summary>
    public static IReadOnlyList<string> Of(string wanted, IEnumerable<string> known)
    {
        ArgumentNullException.ThrowIfNull(wanted);
        ArgumentNullException.ThrowIfNull(known);
        if (wanted.Length is 0 or > 256)
        {
            return [];
        }

        var limit = Math.Max(1, wanted.Length / 3);
        return [.. known.Distinct(StringComparer.Ordinal)
            .Select(name => (name, distance: DistanceOf(wanted, name)))
            .Where(near => near.distance <= limit)
            .OrderBy(near => near.distance).ThenBy(near => near.name, StringComparer.Ordinal)
            .Take(MostSuggested)
            .Select(near => near.name)];
    }

    /// <summary>
    /// The end of a message: <c> Did you mean 'a' or 'b'?</c>, or the known names if none is near; empty if no names are known.
    /// </summary>
    public static string Hint(string wanted, IEnumerable<string> known)
    {
        var all = known.Distinct(StringComparer.Ordinal).ToList();
        var near = Of(wanted, all);
        if (near.Count > 0)
        {
            return $" Did you mean {string.Join(" or ", near.Select(name => $"'{name}'"))}?";
        }

        const int Most = 12;
        return all.Count switch
        {
            0 => "",
            <= Most => $" Known: {string.Join(", ", all)}.",
            _ => $" Known: {string.Join(", ", all.Take(Most))} and {all.Count - Most} more.",
        };
    }

    private static int DistanceOf(string wanted, string name)
    {
        if (string.Equals(wanted, name, StringComparison.OrdinalIgnoreCase))
        {
            return 0;
        }

        return name.EndsWith("." + wanted, StringComparison.OrdinalIgnoreCase) || wanted.EndsWith("." + name, StringComparison.OrdinalIgnoreCase)
            ? 1
            : Edits(wanted, name);
    }

    // Insertions, deletions, replacements and swaps of adjacent characters: Damerau, Communications of the ACM 7(3), 1964 (optimal string
    // alignment).
    private static int Edits(string a, string b)
    {
        var rows = new int[3][];
        for (var i = 0; i < rows.Length; i++)
        {
            rows[i] = new int[b.Length + 1];
        }

        for (var j = 0; j <= b.Length; j++)
        {
            rows[0][j] = j;
        }

        for (var i = 1; i <= a.Length; i++)
        {
            var (row, above, twoAbove) = (rows[i % 3], rows[(i + 2) % 3], rows[(i + 1) % 3]);
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var replaced = above[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
                row[j] = Math.Min(replaced, Math.Min(above[j], row[j - 1]) + 1);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                {
                    row[j] = Math.Min(row[j], twoAbove[j - 2] + 1);
                }
            }
        }

        return rows[a.Length % 3][b.Length];
    }
}
