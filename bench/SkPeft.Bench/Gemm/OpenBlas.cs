using System.Runtime.InteropServices;

namespace SkPeft.Bench.Gemm;

/// <summary>The peer: OpenBLAS as the system has it (Debian: libopenblas0-pthread), loaded into this process.</summary>
internal sealed unsafe partial class OpenBlas
{
    private const int RowMajor = 101;
    private const int Plain = 111;
    private const int Transposed = 112;

    // A forced core type or cache size would slow it down.
    private static readonly string[] s_handicaps = ["OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE"];
    private static readonly string[] s_names = ["libopenblas.so.0", "libopenblas.so", "libopenblas"];
    private readonly delegate* unmanaged<int, int, int, int, int, int, float, float*, int, float*, int, float, float*, int, void> _gemm;

    private OpenBlas(nint library, int threads)
    {
        _gemm = (delegate* unmanaged<int, int, int, int, int, int, float, float*, int, float*, int, float, float*, int, void>)NativeLibrary.GetExport(library, "cblas_sgemm");
        ((delegate* unmanaged<int, void>)NativeLibrary.GetExport(library, "openblas_set_num_threads"))(threads);
        var core = (delegate* unmanaged<byte*>)NativeLibrary.GetExport(library, "openblas_get_corename");
        var configuration = (delegate* unmanaged<byte*>)NativeLibrary.GetExport(library, "openblas_get_config");
        Description = $"{Marshal.PtrToStringUTF8((nint)configuration())}; kernels for {Marshal.PtrToStringUTF8((nint)core())}";
    }

    /// <summary>Version and the kernels that it chose.</summary>
    public string Description { get; }

    /// <summary>Loads it; null where the system has none.</summary>
    public static OpenBlas? TryLoad(int threads)
    {
        // It reads the C library's environment, which the runtime's own copy does not reach.
        foreach (string name in s_handicaps)
        {
            if (!OperatingSystem.IsWindows())
            {
                _ = Forget(name);
            }
        }

        foreach (string name in s_names)
        {
            if (NativeLibrary.TryLoad(name, out nint library))
            {
                return new OpenBlas(library, threads);
            }
        }

        return null;
    }

    /// <summary>C = op(A) · op(B), row-major, contiguous.</summary>
    public void Gemm(int m, int n, int k, float* a, bool transposeA, float* b, bool transposeB, float* c) => _gemm(
        RowMajor, transposeA ? Transposed : Plain, transposeB ? Transposed : Plain, m, n, k, 1f, a, transposeA ? m : k, b, transposeB ? k : n, 0f, c, n);

    [LibraryImport("libc", EntryPoint = "unsetenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Forget(string name);
}
