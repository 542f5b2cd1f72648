using System.Security.Cryptography;
using System.Text;

namespace SkPeft.Http.Keys;

/// <summary>The keys of a server; without any, everybody may call.</summary>
internal sealed class KeyRing(IReadOnlyList<ApiKey>? keys)
{
    /// <summary>Whether a key is asked for.</summary>
    public bool IsLocked => keys is not null;

    /// <summary>Whose key it is, or null. The time that it takes says nothing about any key.</summary>
    public ApiKey? Find(string key)
    {
        byte[] hash = SHA256.HashData(Encoding.UTF8.GetBytes(key));
        ApiKey? found = null;
        foreach (ApiKey candidate in keys ?? [])
        {
            if (CryptographicOperations.FixedTimeEquals(hash, candidate.Hash))
            {
                found = candidate;
            }
        }

        return found;
    }
}
