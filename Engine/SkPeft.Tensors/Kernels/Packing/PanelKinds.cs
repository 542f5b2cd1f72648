using SkPeft.Tensors.Formats;

namespace SkPeft.Tensors.Kernels;

/// <summary>Which panel format holds the values of a stored type exactly.</summary>
internal static class PanelKinds
{
    public static PanelKind Of(TensorType type) => type switch
    {
        TensorType.F16 => PanelKind.Half,
        TensorType.BF16 => PanelKind.BFloat16,
        TensorType.Q4_0 => PanelKind.CentredNibble,
        TensorType.Q4_1 => PanelKind.HalfNibble,
        TensorType.Q4_K => PanelKind.SingleNibble,
        TensorType.Q8_0 => PanelKind.HalfByte,
        TensorType.Q3_K or TensorType.Q5_0 or TensorType.Q6_K or TensorType.IQ4_NL or TensorType.IQ4_XS => PanelKind.PlainGroup,
        TensorType.Q2_K or TensorType.Q5_1 or TensorType.Q5_K => PanelKind.Group,
        _ => PanelKind.Single,
    };

    /// <summary>The smallest format that holds the values of both exactly.</summary>
    public static PanelKind Common(PanelKind a, PanelKind b)
    {
        if (a == b)
        {
            return a;
        }

        return IsQuantised(a) && IsQuantised(b) ? PanelKind.Group : PanelKind.Single;
    }

    public static bool IsQuantised(PanelKind kind) => kind >= PanelKind.CentredNibble;
}
