using Microsoft.Data.Sqlite;

namespace SkPeft.Adapters.Store;

/// <summary>The index's tables, and how a store of another kind or a newer version is told.</summary>
internal static class Schema
{
    public const long Version = 1;

    // "SkPe": marks the file as ours in SQLite's header.
    private const long ApplicationId = 0x536B5065;

    private const string Tables = """
        CREATE TABLE names (name TEXT PRIMARY KEY, last INTEGER NOT NULL) STRICT, WITHOUT ROWID;
        CREATE TABLE versions (
            id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL REFERENCES names(name), number INTEGER NOT NULL, digest TEXT NOT NULL,
            peft_type TEXT NOT NULL, bytes INTEGER NOT NULL, added TEXT NOT NULL, shapes TEXT, tokenizer TEXT, weights TEXT,
            UNIQUE (name, number)) STRICT;
        CREATE TABLE files (
            version INTEGER NOT NULL REFERENCES versions(id) ON DELETE CASCADE, path TEXT NOT NULL, digest TEXT NOT NULL, bytes INTEGER NOT NULL,
            PRIMARY KEY (version, path)) STRICT, WITHOUT ROWID;
        CREATE TABLE aliases (
            name TEXT NOT NULL, alias TEXT NOT NULL, number INTEGER NOT NULL, PRIMARY KEY (name, alias),
            FOREIGN KEY (name, number) REFERENCES versions(name, number)) STRICT, WITHOUT ROWID;
        CREATE TABLE history (
            name TEXT NOT NULL, alias TEXT NOT NULL, depth INTEGER NOT NULL, number INTEGER NOT NULL, PRIMARY KEY (name, alias, depth),
            FOREIGN KEY (name, alias) REFERENCES aliases(name, alias),
            FOREIGN KEY (name, number) REFERENCES versions(name, number)) STRICT, WITHOUT ROWID;
        """;

    public static void Create(SqliteConnection connection) =>
        connection.Run($"{Tables} PRAGMA application_id = {ApplicationId}; PRAGMA user_version = {Version};");

    /// <summary>False for a file that has no tables yet (its creator was interrupted).</summary>
    /// <exception cref="StoreException">The tables are not ours, or of a newer version.</exception>
    public static bool IsThere(SqliteConnection connection, string store)
    {
        if (connection.Scalar<long>("SELECT count(*) FROM sqlite_schema") == 0)
        {
            return false;
        }

        if (connection.Scalar<long>("PRAGMA application_id") != ApplicationId)
        {
            throw new StoreException($"'{store}' is not an adapter store: its store.db belongs to another program. Name another folder with --store.");
        }

        long version = connection.Scalar<long>("PRAGMA user_version");
        return version == Version
            ? true
            : throw new StoreException(
                $"The store '{store}' has schema version {version}, this skpeft knows version {Version}. Use the skpeft that wrote it, or a newer one.");
    }
}
