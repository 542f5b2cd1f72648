using Microsoft.Data.Sqlite;

namespace SkPeft.Adapters.Store;

/// <summary>Turns what the operating system and SQLite throw into one sentence that says what to do.</summary>
internal static class StoreFailure
{
    // SQLite's primary result codes, https://www.sqlite.org/rescode.html
    private const int Busy = 5, Locked = 6, ReadOnly = 8, Corrupt = 11, Full = 13, CannotOpen = 14, NotADatabase = 26, Permission = 3;

    // An interrupted writer left a journal that only a process with write access can roll back.
    private const int ReadOnlyRecovery = ReadOnly | (1 << 8), ReadOnlyRollback = ReadOnly | (3 << 8), ReadOnlyFolder = ReadOnly | (6 << 8);

    // errno on Linux and macOS (EDQUOT differs); Windows' ERROR_HANDLE_DISK_FULL and ERROR_DISK_FULL as HRESULTs.
    private static readonly int[] s_full = [28, 122, 69, unchecked((int)0x80070027), unchecked((int)0x80070070)];
    private const int ReadOnlyFileSystem = 30;

    public static bool Is(Exception e) => e is SqliteException or IOException or UnauthorizedAccessException;

    public static StoreException Of(string store, string action, Exception cause) => new(cause switch
    {
        SqliteException sqlite => Sqlite(store, action, sqlite),
        UnauthorizedAccessException => IsReadOnly(store, action),
        IOException { HResult: ReadOnlyFileSystem } => IsReadOnly(store, action),
        IOException io when s_full.Contains(io.HResult) => IsFull(store, action),
        _ => $"Cannot {action}: the store '{store}' could not be read or written: {cause.Message} Check the disk and the folder's permissions.",
    }, cause);

    private static string Sqlite(string store, string action, SqliteException e) => e.SqliteExtendedErrorCode is ReadOnlyRollback or ReadOnlyRecovery
        ? $"Cannot {action}: a writer of the store '{store}' was interrupted, and this process may not write there to undo its half-done " +
          "step. Run any skpeft adapters command once as a user who may."
        : e.SqliteErrorCode switch
        {
            Busy or Locked =>
                $"Cannot {action}: other processes have kept the store '{store}' busy for {StoreDatabase.BusySeconds} s. Try again when they are done.",
            ReadOnly or Permission => IsReadOnly(store, action),
            CannotOpen => $"Cannot {action}: {StorePathsName(store)} cannot be opened. {Writable(store)}",
            Full => IsFull(store, action),
            Corrupt or NotADatabase =>
                $"Cannot {action}: the index of the store '{store}' (store.db) is damaged or not a store's ({e.Message}). Restore it from a " +
                "backup; the files in blobs/ are named by their SHA-256 and can be added again.",
            _ => $"Cannot {action}: the index of the store '{store}' failed: {e.Message} Check the disk and the folder's permissions.",
        };

    private static string IsReadOnly(string store, string action) =>
        $"Cannot {action}: the store '{store}' is read-only for this process. {Writable(store)}";

    private static string IsFull(string store, string action) =>
        $"Cannot {action}: the disk of the store '{store}' is full; nothing was changed. Free space ('skpeft adapters remove REF', then " +
        "'skpeft adapters gc'), or name a store on another disk with --store.";

    private static string StorePathsName(string store) => $"the index of the store '{store}' (store.db)";

    private static string Writable(string store) =>
        $"Check its permissions and how its disk is mounted, or name another store than '{store}' with --store.";
}
