using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using SkPeft.Engine.Adapters;
using SkPeft.Tensors.Kernels;

namespace SkPeft.Engine.Memory;

/// <summary>
/// All that keys and values of a text depend on, besides its tokens: the precision, and the adapter's content where it changes keys or values
/// (never its name, so that a new version or a name given anew finds nothing old), and the whole instruction where soft tokens are generated from it.
/// </summary>
internal static class CacheDomain
{
    /// <summary>The domain's key.</summary>
    public static string Of(EffectPlan plan, Precision precision, ReadOnlySpan<int> instruction)
    {
        string content = plan.ChangesKeysAndValues ? plan.Digest : "base";
        string read = plan.GeneratedRows == 0 ? "" : Convert.ToHexString(SHA256.HashData(MemoryMarshal.AsBytes(instruction)));
        return string.Create(CultureInfo.InvariantCulture, $"{precision} {content} {read}");
    }
}
