using System.Runtime.InteropServices;

namespace SkPeft.Adapters.Store;

/// <summary>The two things that .NET does not offer: making a folder's entries durable, and telling a plain file from a pipe or device.</summary>
internal static class Posix
{
    // struct statx has one layout on every Linux architecture: 256 bytes, stx_mode at 28.
    private const int StatxSize = 256, StatxMode = 28, StatxTypeMask = 1, AtCurrentFolder = -100, NoFollow = 0x100;
    private const int TypeMask = 0xF000, PlainFile = 0x8000;

    /// <summary>fsync of a folder, so that a rename in it survives a power cut. Elsewhere than on Unix the file system sees to that.</summary>
    public static void SyncFolder(string folder)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        int descriptor = Open(folder, 0);
        if (descriptor >= 0)
        {
            _ = Fsync(descriptor);
            _ = Close(descriptor);
        }
    }

    /// <summary>False for pipes, sockets and devices, which could block or never end when read.</summary>
    public static bool IsPlainFile(string path)
    {
        if (!OperatingSystem.IsLinux())
        {
            return true;
        }

        byte[] status = new byte[StatxSize];
        return Statx(AtCurrentFolder, path, NoFollow, StatxTypeMask, status) != 0
            || (BitConverter.ToUInt16(status, StatxMode) & TypeMask) == PlainFile;
    }

    [DllImport("libc", EntryPoint = "open", CharSet = CharSet.Ansi, BestFitMapping = false)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Open([MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags);

    [DllImport("libc", EntryPoint = "fsync")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Fsync(int descriptor);

    [DllImport("libc", EntryPoint = "close")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Close(int descriptor);

    [DllImport("libc", EntryPoint = "statx")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Statx(int folder, [MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags, uint mask, [Out] byte[] status);
}
