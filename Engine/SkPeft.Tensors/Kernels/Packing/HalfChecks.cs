namespace SkPeft.Tensors.Kernels;

/// <summary>Checks on encoded fp16 values.</summary>
internal static class HalfChecks
{
    /// <summary>True where a value is infinite or NaN.</summary>
    public static bool ContainsAnyNotFinite(this ReadOnlySpan<ushort> halves)
    {
        foreach (ushort half in halves)
        {
            if ((half & 0x7C00) == 0x7C00)
            {
                return true;
            }
        }

        return false;
    }
}
