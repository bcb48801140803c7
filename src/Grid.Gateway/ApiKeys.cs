using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace Grid.Gateway;

/// <summary>Tells callers with a key from those without. How long it takes says nothing of how much of a key was right.</summary>
internal sealed class ApiKeys
{
    private const string Bearer = "Bearer ";

    // Keys are compared as digests under a secret of this process: all of one length, and of no use to who reads them from memory.
    private readonly byte[] _secret = RandomNumberGenerator.GetBytes(32);
    private readonly byte[][] _digests;

    public ApiKeys(IEnumerable<string> keys) => _digests = [.. keys.Select(DigestOf)];

    /// <summary>True where no key is configured: every caller is let in.</summary>
    public bool AreOff => _digests.Length == 0;

    public bool Admit(HttpRequest request)
    {
        var presented = KeyOf(request);
        if (presented is null)
        {
            return AreOff;
        }

        var digest = DigestOf(presented);
        var known = false;
        foreach (var key in _digests)
        {
            known |= CryptographicOperations.FixedTimeEquals(digest, key);
        }

        return known || AreOff;
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
