using Microsoft.Data.Sqlite;

namespace SkPeft.Adapters.Store;

/// <summary>Opens the index for one step at a time.</summary>
/// <remarks>
/// A rollback journal rather than WAL: a store on a read-only disk stays readable, and every copy of the folder is complete. A connection
/// lives as long as its step, so a store that was deleted and made again is never seen through an old handle. Nothing else in this
/// assembly may open store.db: closing a second descriptor would drop SQLite's POSIX locks.
/// </remarks>
internal sealed class StoreDatabase(StorePaths paths)
{
    /// <summary>How long a step waits for other processes.</summary>
    public const int BusySeconds = 30;

    /// <summary>A consistent view of the index; <paramref name="empty"/> where there is no store yet.</summary>
    public T Read<T>(Func<StoreIndex, T> step, T empty)
    {
        if (!File.Exists(paths.Database))
        {
            paths.CheckMayBecomeStore();
            return empty;
        }

        using SqliteConnection connection = Open(SqliteOpenMode.ReadWrite);
        using SqliteTransaction transaction = connection.BeginTransaction(deferred: true);
        return Schema.IsThere(connection, paths.Root) ? step(new StoreIndex(connection, paths.Root)) : empty;
    }

    /// <summary>One atomic change of a store that is there; <paramref name="empty"/> where there is none.</summary>
    public T Change<T>(Func<StoreIndex, T> step, Func<T> empty)
    {
        if (!File.Exists(paths.Database))
        {
            paths.CheckMayBecomeStore();
            return empty();
        }

        return Write(SqliteOpenMode.ReadWrite, (connection, index) => Schema.IsThere(connection, paths.Root) ? step(index) : empty());
    }

    /// <summary>One atomic change, which creates the index where it is missing.</summary>
    public T ChangeOrCreate<T>(Func<StoreIndex, T> step) => Write(SqliteOpenMode.ReadWriteCreate, (connection, index) =>
    {
        if (!Schema.IsThere(connection, paths.Root))
        {
            Schema.Create(connection);
        }

        return step(index);
    });

    private T Write<T>(SqliteOpenMode mode, Func<SqliteConnection, StoreIndex, T> step)
    {
        using SqliteConnection connection = Open(mode);
        using SqliteTransaction transaction = connection.BeginTransaction(deferred: false);
        T result = step(connection, new StoreIndex(connection, paths.Root));
        transaction.Commit();
        return result;
    }

    private SqliteConnection Open(SqliteOpenMode mode)
    {
        var text = new SqliteConnectionStringBuilder
        {
            DataSource = paths.Database,
            Mode = mode,
            Pooling = false,
            ForeignKeys = true,
            DefaultTimeout = BusySeconds,
        };
        var connection = new SqliteConnection(text.ToString());
        try
        {
            connection.Open();

            // EXTRA also makes the journal's disappearance durable: a step that was reported done stays done after a power cut.
            connection.Run($"PRAGMA busy_timeout = {BusySeconds * 1000}; PRAGMA synchronous = EXTRA;");
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }
}
