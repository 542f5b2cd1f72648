using System.Runtime.CompilerServices;

namespace SkPeft.Tensors.Kernels;

/// <summary>
/// Where eight 4-bit weights lie in the 32-bit word of a row: low nibbles of its bytes are inputs 0–3, high nibbles inputs 4–7.
/// Taken as two 16-bit halves, bits 0–3 are inputs (0, 2), bits 4–7 inputs (4, 6), bits 8–11 inputs (1, 3), bits 12–15 inputs (5, 7).
/// </summary>
internal static class NibbleOrder
{
    /// <summary>The lowest bit of input <paramref name="i"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Shift(int i) => i < 4 ? 8 * i : (8 * (i - 4)) + 4;
}
