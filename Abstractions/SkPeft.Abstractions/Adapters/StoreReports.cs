namespace SkPeft;

/// <summary>What <see cref="IAdapterStore.Add"/> did.</summary>
/// <param name="Version">The version that has the content.</param>
/// <param name="IsNew">False where the name already had this very content (for this base): nothing was added.</param>
/// <param name="LeftOut">Parts of the folder that are no content and were not stored (<c>.git/</c>, <c>.cache/</c>).</param>
public sealed record AdapterAddition(AdapterVersion Version, bool IsNew, IReadOnlyList<string> LeftOut);

/// <summary>A version and the aliases that name it.</summary>
/// <param name="Version">The version.</param>
/// <param name="Aliases">Its aliases, sorted.</param>
public sealed record AdapterListing(AdapterVersion Version, IReadOnlyList<string> Aliases);

/// <summary>Everything about one version.</summary>
/// <param name="Version">The version.</param>
/// <param name="Aliases">Its aliases.</param>
/// <param name="Files">Its files, by path.</param>
public sealed record AdapterDetails(AdapterVersion Version, IReadOnlyList<AliasState> Aliases, IReadOnlyList<StoredFile> Files);

/// <summary>An alias and where it has been.</summary>
/// <param name="Alias">The alias.</param>
/// <param name="Number">The version that it names.</param>
/// <param name="Earlier">The versions it named before, the one that a rollback gives first.</param>
public sealed record AliasState(string Alias, int Number, IReadOnlyList<int> Earlier);

/// <summary>A file of a version.</summary>
/// <param name="Path">Its path in the folder, with <c>/</c>.</param>
/// <param name="Digest">Its SHA-256 in lower-case hexadecimal.</param>
/// <param name="Bytes">Its size.</param>
public sealed record StoredFile(string Path, string Digest, long Bytes);

/// <summary>What a promotion or rollback did.</summary>
/// <param name="Name">The adapter.</param>
/// <param name="Alias">The alias.</param>
/// <param name="From">The version it named before; null where the alias is new.</param>
/// <param name="To">The version it names now; equal to <paramref name="From"/> where nothing had to change.</param>
public sealed record AliasFlip(string Name, string Alias, int? From, int To);

/// <summary>The result of hashing the store again.</summary>
/// <param name="Versions">One entry a version, by name and number.</param>
/// <param name="IndexProblems">What SQLite's own check of the index found; empty where it is sound.</param>
public sealed record StoreVerification(IReadOnlyList<VersionVerification> Versions, IReadOnlyList<string> IndexProblems)
{
    /// <summary>True where nothing is wrong.</summary>
    public bool IsSound => IndexProblems.Count == 0 && Versions.All(v => v.IsSound);
}

/// <summary>The result of hashing one version again.</summary>
/// <param name="Version">The version.</param>
/// <param name="Problems">The files that are wrong.</param>
public sealed record VersionVerification(AdapterVersion Version, IReadOnlyList<FileProblem> Problems)
{
    /// <summary>True where every file is there and has its digest.</summary>
    public bool IsSound => Problems.Count == 0;
}

/// <summary>A stored file that is not what its version records.</summary>
/// <param name="Path">Its path in the adapter's folder.</param>
/// <param name="Blob">Where its bytes should be on disk.</param>
/// <param name="Found">What is there: a digest, <c>nothing</c>, or why it cannot be read.</param>
/// <param name="Expected">The digest recorded.</param>
public sealed record FileProblem(string Path, string Blob, string Found, string Expected);

/// <summary>What a garbage collection freed.</summary>
/// <param name="Blobs">Files of removed versions, or of additions that never finished, that were deleted.</param>
/// <param name="TemporaryFiles">Half-written files that were deleted.</param>
/// <param name="Bytes">Bytes freed.</param>
/// <param name="Kept">What could not be deleted now, and why.</param>
public sealed record StoreCollection(int Blobs, int TemporaryFiles, long Bytes, IReadOnlyList<string> Kept);
