using SkPeft.Adapters.Store;

namespace SkPeft.Host.Models;

/// <summary>What ADAPTER means: an existing folder, else a reference into the store.</summary>
internal static class AdapterArgument
{
    /// <summary>Decides, and complains about what is neither.</summary>
    /// <returns>True for a folder.</returns>
    public static bool IsFolder(string argument)
    {
        if (Directory.Exists(argument))
        {
            return true;
        }

        if (File.Exists(argument))
        {
            throw new FileAccessException(argument, "this is a file, an adapter is a folder", $"Name the folder that holds {AdapterFolder.ConfigName} and {AdapterFolder.WeightsName}.");
        }

        return LooksLikePath(argument)
            ? throw new FileAccessException(argument, "there is no such folder, and it is no reference into a store either",
                "Name a folder as HF PEFT saves it, or a stored adapter such as 'sentiment' or 'sentiment@prod' (skpeft adapters list).")
            : false;
    }

    private static bool LooksLikePath(string argument) =>
        argument.Length == 0 || argument.AsSpan().IndexOfAny('/', '\\') >= 0 || argument[0] is '.' or '~';
}
