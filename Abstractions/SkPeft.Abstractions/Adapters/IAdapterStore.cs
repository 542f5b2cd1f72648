namespace SkPeft;

/// <summary>Immutable, numbered versions of adapters under names, with aliases that flip atomically.</summary>
/// <remarks>
/// Safe for concurrent use by threads, and by processes that open the same store. Every method is one atomic step: after it, or after
/// the process was killed in the middle of it, others see the whole change or nothing of it. References are as in
/// <see cref="AdapterReference"/>. Methods throw <see cref="StoreException"/> where the store cannot be read or written, and
/// <see cref="AdapterNotFoundException"/> where a reference names nothing.
/// </remarks>
public interface IAdapterStore
{
    /// <summary>Stores a folder in HF PEFT's layout as the next version of <paramref name="name"/>.</summary>
    /// <param name="name">The adapter's name; created if it is new.</param>
    /// <param name="folder">The folder: <c>adapter_config.json</c>, <c>adapter_model.safetensors</c>, and whatever lies beside them.</param>
    /// <param name="model">The base that it was made for, where that is known now.</param>
    /// <param name="cancellationToken">Stops between chunks; nothing is added then.</param>
    /// <returns>The version, and whether it is new: the same content for the same base is not stored twice under one name.</returns>
    /// <exception cref="FileFormatException">The folder is not an adapter: a file is missing, malformed, or pickle.</exception>
    AdapterAddition Add(string name, string folder, ModelFingerprint? model = null, CancellationToken cancellationToken = default);

    /// <summary>All versions, by name, then number.</summary>
    IReadOnlyList<AdapterListing> List();

    /// <summary>Everything about one version: files, aliases, and what rolling them back would give.</summary>
    AdapterDetails Show(string reference);

    /// <summary>The version that the reference names now.</summary>
    AdapterVersion Resolve(string reference);

    /// <summary>Lets the alias name the version of <paramref name="reference"/>, and remembers what it named before.</summary>
    AliasFlip Promote(string reference, string alias);

    /// <summary>Lets the alias name what it named before the last promotion that still stands. Repeating walks further back.</summary>
    /// <exception cref="StoreException">There is nothing before.</exception>
    AliasFlip Rollback(string name, string alias);

    /// <summary>Takes a version out of the store; its number is never given again. Its files stay until <see cref="Collect"/>.</summary>
    /// <exception cref="StoreException">An alias names it, or some process holds it.</exception>
    AdapterVersion Remove(string reference);

    /// <summary>Hashes every file of every version again.</summary>
    StoreVerification Verify(CancellationToken cancellationToken = default);

    /// <summary>Deletes files that no version needs. Versions leave by <see cref="Remove"/> only: what has a number is never collected.</summary>
    StoreCollection Collect(CancellationToken cancellationToken = default);

    /// <summary>Writes the version's files, byte for byte, into a folder that is new or empty.</summary>
    /// <exception cref="AdapterIntegrityException">A stored file is damaged; nothing is left in the folder.</exception>
    AdapterVersion Export(string reference, string folder, CancellationToken cancellationToken = default);

    /// <summary>Records the base of a version that has none yet. The first one to do so wins.</summary>
    /// <returns>The base that is recorded now.</returns>
    ModelFingerprint RecordBase(AdapterVersion version, ModelFingerprint model);

    /// <summary>Resolves the reference and keeps its version in the store, against every process, until the hold is disposed or this process ends.</summary>
    IAdapterHold Hold(string reference);
}

/// <summary>A version that cannot leave the store while this exists.</summary>
public interface IAdapterHold : IDisposable
{
    /// <summary>The version.</summary>
    AdapterVersion Version { get; }

    /// <summary>Hashes the version's configuration and weights, now, and says where they are.</summary>
    /// <exception cref="AdapterIntegrityException">A file is missing or does not have its digest.</exception>
    AdapterFiles OpenFiles(CancellationToken cancellationToken = default);
}
