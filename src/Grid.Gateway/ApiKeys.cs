using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace Grid.Gateway;

/// <summary>Authenticates callers by API key. The comparison takes the same time however much of a key is correct.</summary>
internal sealed class ApiKeys
{
    private const string Bearer = "Bearer ";
    private const string Basic = "Basic ";

    // Keys are stored as HMACs under a random secret of this process: all have the same length, and a memory dump does not reveal them.
    private readonly byte[] _secret = RandomNumberGenerator.GetBytes(32);
    private readonly byte[][] _digests;
    private readonly byte[][] _admins;

    /// <param name="keys">Keys of callers.</param>
    /// <param name="adminKeys">Keys of administrators, which also admit callers.</param>
    public ApiKeys(IEnumerable<string> keys, IEnumerable<string>? adminKeys = null) =>
        (_digests, _admins) = ([.. keys.Select(DigestOf)], [.. (adminKeys ?? []).Select(DigestOf)]);

    /// <summary>True if no key is configured; every caller is then admitted.</summary>
    public bool AreOff => _digests.Length == 0;

    public bool HasAdmins => _admins.Length > 0;

    public bool Admit(HttpRequest request)
    {
        var presented = KeyOf(request);
        if (presented is null)
        {
            return AreOff;
        }

        var digest = DigestOf(presented);
        return IsOneOf(digest, _digests) | IsOneOf(digest, _admins) | AreOff;
    }

    /// <summary>
    /// True if the request has an admin key, as an API key or, from a browser, as the password of HTTP Basic authentication with any user
    /// name.
    /// </summary>
    public bool AdmitAdmin(HttpRequest request) =>
        (KeyOf(request) ?? PasswordOf(request)) is { } presented && IsOneOf(DigestOf(presented), _admins);

    private static bool IsOneOf(byte[] digest, byte[][] keys)
    {
        var known = false;
        foreach (var key in keys)
        {
            known |= CryptographicOperations.FixedTimeEquals(digest, key);
        }

        return known;
    }

    private static string? PasswordOf(HttpRequest request)
    {
        string? authorization = request.Headers.Authorization;
        if (authorization is null || !authorization.StartsWith(Basic, StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        var bytes = new byte[authorization.Length];
        if (!Convert.TryFromBase64String(authorization[Basic.Length..].Trim(), bytes, out var length))
        {
            return null;
        }

        var text = Encoding.UTF8.GetString(bytes.AsSpan(0, length));
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        return colon < 0 ? null : text[(colon + 1)..];
    }

    private static string? KeyOf(HttpRequest request)
    {
        string? authorization = request.Headers.Authorization;
        return authorization is not null && authorization.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase)
            ? authorization[Bearer.Length..].Trim()
            : request.Headers["X-Api-Key"];
    }

    private byte[] DigestOf(string key) => HMACSHA256.HashData(_secret, Encoding.UTF8.GetBytes(key));
}
