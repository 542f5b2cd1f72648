using System.Runtime.InteropServices;

namespace TestPlugin;

internal static class NativeCode
{
    public static int Call() => getpid();

#pragma warning disable SYSLIB1054, CA2101, IDE1006 // a hand-written import is what a plugin's author might bring
    [DllImport("libc")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int getpid();
#pragma warning restore SYSLIB1054, CA2101, IDE1006
}
