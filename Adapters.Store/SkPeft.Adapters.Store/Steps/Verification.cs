namespace SkPeft.Adapters.Store;

/// <summary>Hashes every blob that a version needs, once each, and lets SQLite check the index.</summary>
internal sealed class Verification(StorePaths paths, StoreDatabase database)
{
    public StoreVerification Run(CancellationToken cancellationToken)
    {
        (List<(VersionRow Row, List<StoredFile> Files)> versions, List<string> index) = database.Read(
            index => (index.Versions().ConvertAll(row => (row, index.Files(row.Id))), IndexProblems(index)), ([], []));

        var states = new Dictionary<string, string>(StringComparer.Ordinal);
        var reports = new List<VersionVerification>();
        foreach ((VersionRow row, List<StoredFile> files) in versions)
        {
            var problems = new List<FileProblem>();
            foreach (StoredFile file in files)
            {
                string blob = paths.Blob(file.Digest);
                if (!states.TryGetValue(file.Digest, out string? found))
                {
                    states[file.Digest] = found = BlobState.Read(blob, cancellationToken);
                }

                if (found != file.Digest)
                {
                    problems.Add(new FileProblem(file.Path, blob, found, file.Digest));
                }
            }

            if (AdapterFolder.DigestOf(files) != row.Version.Digest)
            {
                index.Add($"{row.Version.Reference}: its list of files does not have the digest {row.Version.Digest}");
            }

            // Someone may have removed the version and collected its files while we read them: that is no damage.
            if (problems.Count == 0 || database.Read(now => now.Has(row.Id), false))
            {
                reports.Add(new VersionVerification(row.Version, problems));
            }
        }

        return new StoreVerification(reports, index);
    }

    private static List<string> IndexProblems(StoreIndex index)
    {
        List<string> problems = index.Connection.Rows(row => row.GetString(0), "PRAGMA integrity_check");
        problems.RemoveAll(p => p == "ok");
        problems.AddRange(index.Connection.Rows(row => $"table {row.GetString(0)} has a row that refers to nothing in {row.GetString(2)}",
            "PRAGMA foreign_key_check"));
        return problems;
    }
}
