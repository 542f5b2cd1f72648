using System.Buffers;
using System.Security.Cryptography;

namespace SkPeft.Adapters.Store;

/// <summary>Copies and hashes files.</summary>
internal static class BlobFiles
{
    private const int Chunk = 1 << 18;

    /// <summary>The SHA-256 of a file, in lower-case hexadecimal.</summary>
    public static string Hash(string path, CancellationToken cancellationToken)
    {
        using FileStream file = OpenToRead(path);
        return Copy(file, Stream.Null, cancellationToken).Digest;
    }

    /// <summary>Copies to the end, and says what went by.</summary>
    public static (string Digest, long Bytes) Copy(Stream from, Stream to, CancellationToken cancellationToken)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        byte[] buffer = ArrayPool<byte>.Shared.Rent(Chunk);
        try
        {
            long bytes = 0;
            for (int read; (read = from.Read(buffer, 0, Chunk)) > 0; bytes += read)
            {
                cancellationToken.ThrowIfCancellationRequested();
                hash.AppendData(buffer, 0, read);
                to.Write(buffer, 0, read);
            }

            return (Convert.ToHexStringLower(hash.GetHashAndReset()), bytes);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    public static FileStream OpenToRead(string path) =>
        new(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, bufferSize: 0, FileOptions.SequentialScan);
}
