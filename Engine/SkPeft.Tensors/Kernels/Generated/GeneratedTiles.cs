using System.Runtime.Intrinsics.X86;

namespace SkPeft.Tensors.Kernels;

/// <summary>
/// Generated code for every quantised format, made once. .NET 10 has no 512-bit VNNI instructions, which multiply bytes twice as fast as what it has.
/// </summary>
internal static unsafe class GeneratedTiles
{
    private static readonly int[] s_columns = [1, 2, 4, 8];
    private static readonly Dictionary<PanelKind, nint[]>? s_tiles = HasInstructions ? Make() : null;

    /// <summary>Whether this CPU has the instructions, and the system lets a process make code.</summary>
    public static bool AreAvailable => s_tiles is not null;

    // CPUID leaf 7, ECX bit 11: AVX512_VNNI.
    private static bool HasInstructions =>
        Avx512BW.VL.IsSupported && X86Base.X64.IsSupported && X86Base.CpuId(0, 0).Eax >= 7 && (X86Base.CpuId(7, 0).Ecx & (1 << 11)) != 0;

    /// <summary>The functions for 1, 2, 4 and 8 columns.</summary>
    public static IReadOnlyList<nint> Of(PanelKind kind) => s_tiles![kind];

    private static Dictionary<PanelKind, nint[]>? Make()
    {
        VectorAssembler code = new();
        code.Data(TileCode.WordOrder);
        PanelKind[] kinds = [.. Enum.GetValues<PanelKind>().Where(PanelKinds.IsQuantised)];
        Dictionary<PanelKind, int[]> places = kinds.ToDictionary(k => k, k => s_columns.Select(columns => Write(code, k, columns)).ToArray());
        byte* memory = CodeMemory.TryMake(code.ToArray());
        return memory == null ? null : places.ToDictionary(p => p.Key, p => p.Value.Select(place => (nint)memory + place).ToArray());
    }

    private static int Write(VectorAssembler code, PanelKind kind, int columns)
    {
        code.Data(new byte[-code.Position & 63]);
        int place = code.Position;
        TileCode.Write(code, TileShape.Of(kind), columns, wordOrder: 0);
        return place;
    }
}
