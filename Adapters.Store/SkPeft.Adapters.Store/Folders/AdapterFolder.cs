using System.Text;
using System.Security.Cryptography;

namespace SkPeft.Adapters.Store;

/// <summary>Adapters that lie in a folder as Hugging Face PEFT saves them, without a store.</summary>
public static class AdapterFolder
{
    /// <summary>The configuration's file name.</summary>
    public const string ConfigName = "adapter_config.json";

    /// <summary>The weights' file name.</summary>
    public const string WeightsName = "adapter_model.safetensors";

    private const string PickleName = "adapter_model.bin";

    /// <summary>Checks a folder as a store would before it takes it, and hashes it.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="cancellationToken">Stops between chunks.</param>
    /// <returns>Its files, with the digest that the version would have in a store; the base is not known.</returns>
    /// <exception cref="FileFormatException">It is not an adapter's folder.</exception>
    /// <exception cref="StoreException">It cannot be read.</exception>
    public static AdapterFiles Open(string folder, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(folder);
        FolderListing listing = FolderListing.Read(folder);
        _ = Check(listing);
        IEnumerable<StoredFile> files = listing.Files.Select(file =>
        {
            using FileStream stream = file.Open();
            (string digest, long bytes) = BlobFiles.Copy(stream, Stream.Null, cancellationToken);
            return new StoredFile(file.Path, digest, bytes);
        });
        return new AdapterFiles(folder, DigestOf(files), listing.Find(ConfigName)!.FullPath, listing.Find(WeightsName)!.FullPath, null);
    }

    /// <summary>The digest of a version: SHA-256 of the lines that <c>sha256sum</c> prints for its files in the order of their paths.</summary>
    internal static string DigestOf(IEnumerable<StoredFile> files)
    {
        string lines = string.Concat(files.OrderBy(f => f.Path, StringComparer.Ordinal).Select(f => $"{f.Digest}  {f.Path}\n"));
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(lines)));
    }

    /// <summary>Checks what can be checked without knowing the method, and gives the <c>peft_type</c>.</summary>
    internal static string Check(FolderListing folder)
    {
        FolderFile config = folder.Find(ConfigName) ?? throw Missing(folder, ConfigName);
        FolderFile? weights = folder.Find(WeightsName);
        if (folder.Find(PickleName) is not null)
        {
            throw new FileFormatException(folder.Root, PickleName, "a pickle, which can run code when it is read", weights is null
                ? $"{WeightsName}; save the adapter again with safe_serialization=True, or convert it with safetensors.torch.save_file, in an environment you trust"
                : $"only {WeightsName}, which is there too; delete {PickleName} from the folder");
        }

        string peftType = ConfigCheck.PeftType(config);
        SafetensorsCheck.Check(weights ?? throw Missing(folder, WeightsName));
        return peftType;
    }

    private static FileFormatException Missing(FolderListing folder, string name)
    {
        string[] there = [.. folder.Files.Take(5).Select(f => f.Path)];
        string found = there.Length == 0 ? "an empty folder" : $"only {string.Join(", ", there)}{(folder.Files.Count > 5 ? ", …" : "")}";
        return new FileFormatException(folder.Root, name, found, $"an adapter as HF PEFT saves it: {ConfigName} and {WeightsName}");
    }
}
