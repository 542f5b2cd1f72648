using SkPeft.Adapters.Store;
using SkPeft.Host.Output;

namespace SkPeft.Host.Models;

/// <summary>Which store a command means.</summary>
internal static class StoreFolder
{
    /// <summary>Opens the store that was named, or the one in the user's data folder.</summary>
    public static AdapterStore Open(string? named)
    {
        if (named is not null)
        {
            return string.IsNullOrWhiteSpace(named) ? throw new UsageException("--store: the name of a folder is expected.") : AdapterStore.Open(named);
        }

        string data = Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify);
        return data.Length > 0
            ? AdapterStore.Open(Path.Combine(data, "skpeft", "adapters"))
            : throw new UsageException("This user has no data folder (HOME is not set): name a store with --store DIR.");
    }
}
