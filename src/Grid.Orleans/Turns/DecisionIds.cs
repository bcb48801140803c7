using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;

namespace Grid.Orleans;

/// <summary>
/// A decision's id in the cluster says where it is: <c>d-VERSION-KIND-KEY</c>, the version in hexadecimal and the key in base 64 for addresses, so
/// that its owner finds it without an index.
/// </summary>
internal static class DecisionIds
{
    private const string Prefix = "d-";
    private const int MostCharacters = 512;

    public static string Of(EntityId owner, long version) =>
        string.Create(CultureInfo.InvariantCulture, $"{Prefix}{version:x}-{owner.Kind}-{Base64Url.EncodeToString(Encoding.UTF8.GetBytes(owner.Key))}");

    public static bool TryParse([NotNullWhen(true)] string? id, out EntityId owner, out long version)
    {
        (owner, version) = (default, 0);
        if (id is null || id.Length > MostCharacters || !id.StartsWith(Prefix, StringComparison.Ordinal))
        {
            return false;
        }

        var parts = id.Split('-', 4);
        if (parts.Length < 4 || parts[2].Length == 0
            || !long.TryParse(parts[1], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out version) || version <= 0
            || !Base64Url.IsValid(parts[3]))
        {
            return false;
        }

        try
        {
            owner = new(parts[2], Encoding.UTF8.GetString(Base64Url.DecodeFromChars(parts[3])));
        }
        catch (FormatException)
        {
            return false;
        }

        return owner.Key.Length > 0 && Of(owner, version) == id;
    }
}
