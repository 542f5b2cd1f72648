using Microsoft.Data.Sqlite;

namespace SkPeft.Adapters.Store;

/// <summary>Versions in the index, within one transaction.</summary>
internal sealed class StoreIndex(SqliteConnection connection, string store)
{
    public SqliteConnection Connection => connection;

    public AliasTable Aliases { get; } = new(connection);

    public List<VersionRow> Versions() =>
        connection.Rows(VersionRow.Read, $"SELECT {VersionRow.Columns} FROM versions ORDER BY name, number");

    public List<StoredFile> Files(long version) => connection.Rows(
        row => new StoredFile(row.GetString(0), row.GetString(1), row.GetInt64(2)),
        "SELECT path, digest, bytes FROM files WHERE version = $0 ORDER BY path", version);

    public HashSet<string> Digests() => [.. connection.Rows(row => row.GetString(0), "SELECT DISTINCT digest FROM files")];

    public bool Has(long version) => connection.Scalar<long>("SELECT count(*) FROM versions WHERE id = $0", version) != 0;

    /// <summary>The version that the reference names now.</summary>
    /// <exception cref="AdapterNotFoundException">Nothing has this name; the message lists what is near.</exception>
    public VersionRow Resolve(AdapterReference reference) => Find(reference) ?? throw NotFound.Of(reference, this, store);

    /// <summary>Versions of the name that have this content, the newest first.</summary>
    public List<VersionRow> WithDigest(string name, string digest) => connection.Rows(VersionRow.Read,
        $"SELECT {VersionRow.Columns} FROM versions WHERE name = $0 AND digest = $1 ORDER BY number DESC", name, digest);

    public VersionRow Insert(AdapterVersion version, IEnumerable<StoredFile> files)
    {
        long number = connection.Scalar<long>(
            "INSERT INTO names VALUES ($0, 1) ON CONFLICT (name) DO UPDATE SET last = last + 1 RETURNING last", version.Name);
        version = version with { Number = (int)number };
        long id = connection.Scalar<long>(
            "INSERT INTO versions (name, number, digest, peft_type, bytes, added, shapes, tokenizer, weights) " +
            "VALUES ($0, $1, $2, $3, $4, $5, $6, $7, $8) RETURNING id",
            version.Name, number, version.Digest, version.PeftType, version.Bytes, version.Added.ToString("O"),
            version.Base?.Shapes, version.Base?.Tokenizer, version.Base?.Weights);
        foreach (StoredFile file in files)
        {
            connection.Run("INSERT INTO files VALUES ($0, $1, $2, $3)", id, file.Path, file.Digest, file.Bytes);
        }

        return new VersionRow(id, version);
    }

    /// <summary>Records the base where there is none; gives the row as it is then.</summary>
    public VersionRow SetBase(VersionRow row, ModelFingerprint model)
    {
        connection.Run("UPDATE versions SET shapes = $1, tokenizer = $2, weights = $3 WHERE id = $0 AND shapes IS NULL",
            row.Id, model.Shapes, model.Tokenizer, model.Weights);
        return ByNumber(row.Version.Name, row.Version.Number)!;
    }

    public void Delete(VersionRow row)
    {
        Aliases.Forget(row.Version.Name, row.Version.Number);
        connection.Run("DELETE FROM versions WHERE id = $0", row.Id);
    }

    private VersionRow? Find(AdapterReference reference)
    {
        string name = reference.Name;
        int? number = reference.Number ?? (reference.Alias switch
        {
            AdapterReference.Latest => Newest(name),
            null => Aliases.Number(name, AdapterReference.DefaultAlias) ?? Newest(name),
            string alias => Aliases.Number(name, alias),
        });
        return number is { } n ? ByNumber(name, n) : null;
    }

    private int? Newest(string name) => (int?)connection.Scalar<long?>("SELECT max(number) FROM versions WHERE name = $0", name);

    private VersionRow? ByNumber(string name, int number) => connection.Rows(VersionRow.Read,
        $"SELECT {VersionRow.Columns} FROM versions WHERE name = $0 AND number = $1", name, number).SingleOrDefault();
}
