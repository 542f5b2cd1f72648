using System.Runtime.InteropServices;

namespace SkPeft.Tensors.Kernels;

/// <summary>
/// Memory with machine code, never writable and executable at once: written first, then made executable. Linux only. It lives as long as the
/// process.
/// </summary>
internal static unsafe partial class CodeMemory
{
    private const int Read = 1, Write = 2, Execute = 4;
    private const int PrivateAnonymous = 0x22;

    /// <summary>Makes code executable.</summary>
    /// <returns>Its first byte, on a page boundary, or null where the system forbids it.</returns>
    public static byte* TryMake(ReadOnlySpan<byte> code)
    {
        if (!OperatingSystem.IsLinux())
        {
            return null;
        }

        try
        {
            nint memory = Map(0, code.Length, Read | Write, PrivateAnonymous, -1, 0);
            if (memory == -1)
            {
                return null;
            }

            code.CopyTo(new Span<byte>((void*)memory, code.Length));
            if (Protect(memory, code.Length, Read | Execute) == 0)
            {
                return (byte*)memory;
            }

            _ = Unmap(memory, code.Length);
            return null;
        }
        catch (Exception e) when (e is DllNotFoundException or EntryPointNotFoundException)
        {
            return null;
        }
    }

    [LibraryImport("libc", EntryPoint = "mmap")]
    private static partial nint Map(nint address, nint length, int protection, int flags, int file, nint offset);

    [LibraryImport("libc", EntryPoint = "mprotect")]
    private static partial int Protect(nint address, nint length, int protection);

    [LibraryImport("libc", EntryPoint = "munmap")]
    private static partial int Unmap(nint address, nint length);
}
