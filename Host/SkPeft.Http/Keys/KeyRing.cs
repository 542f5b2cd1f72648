using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Logging;
using SkPeft.Connectors.Hosting;

namespace SkPeft.Http.Keys;

/// <summary>The keys of a server; without a file, everybody may call. A file that changes is read again: a key can be taken away while requests run.</summary>
/// <param name="file">The key file, or null.</param>
/// <param name="time">The clock of budgets, and of looking at the file.</param>
internal sealed class KeyRing(string? file, TimeProvider time)
{
    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private IReadOnlyList<ApiKey> _keys = file is null ? [] : KeyFile.Read(file, time);
    private FileStamp _stamp = StampOf(file);
    private long _looked = time.GetTimestamp();

    /// <summary>Whether a key is asked for.</summary>
    public bool IsLocked => file is not null;

    /// <summary>Whose key it is, or null. The time that it takes says nothing about any key.</summary>
    /// <param name="key">The key.</param>
    /// <param name="logger">Hears of a file that cannot be read any more; the keys that were read stay.</param>
    public ApiKey? Find(string key, ILogger logger)
    {
        byte[] hash = SHA256.HashData(Encoding.UTF8.GetBytes(key));
        ApiKey? found = null;
        foreach (ApiKey candidate in Current(logger))
        {
            if (CryptographicOperations.FixedTimeEquals(hash, candidate.Hash))
            {
                found = candidate;
            }
        }

        return found;
    }

    private IReadOnlyList<ApiKey> Current(ILogger logger)
    {
        lock (_gate)
        {
            if (file is null || time.GetElapsedTime(_looked) < s_pause)
            {
                return _keys;
            }

            _looked = time.GetTimestamp();
            FileStamp stamp = StampOf(file);
            if (stamp != _stamp)
            {
                _stamp = stamp;
                Reload(file, logger);
            }

            return _keys;
        }
    }

    private void Reload(string path, ILogger logger)
    {
        try
        {
            // A key that stays keeps what it has used of its minute.
            Dictionary<string, ApiKey> known = _keys.ToDictionary(k => k.Name, StringComparer.Ordinal);
            _keys = [.. KeyFile.Read(path, time).Select(k => known.TryGetValue(k.Name, out ApiKey? old) ? k.Keeping(old) : k)];
        }
        catch (SkPeftException e)
        {
            logger.LogWarning("The key file changed and cannot be read; the keys that were read before stay. {Message}", e.Message);
        }
    }

    private static FileStamp StampOf(string? path) => path is null ? default : FileStamp.Of(path);
}
