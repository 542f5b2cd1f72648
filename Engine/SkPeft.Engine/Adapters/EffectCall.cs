namespace SkPeft.Engine.Adapters;

/// <summary>
/// Runs an effect's own arithmetic. Whatever goes wrong in it becomes an error that names adapter, plugin and effect, and fails its own
/// request only.
/// </summary>
internal static class EffectCall
{
    /// <summary>Computes a tensor that must be [rows, width].</summary>
    /// <exception cref="PluginFaultException">The effect threw, or gave something else.</exception>
    public static Tensor Run(EffectIndex plan, Effect effect, int rows, int width, Func<Tensor?> compute)
    {
        Tensor? result;
        try
        {
            result = compute();
        }
        catch (Exception e) when (e is not (SkPeftException or OutOfMemoryException))
        {
            string message = e.Message.ReplaceLineEndings(" ").Trim();
            throw Fault(plan, effect, $"{e.GetType().Name}: {message}{(message.EndsWith('.') ? "" : ".")}", e.ToString());
        }

        if (result is null)
        {
            throw Fault(plan, effect, "it returned null.", "");
        }

        return result.Rank == 2 && result[0] == rows && result[1] == width
            ? result
            : throw Fault(plan, effect, $"it returned {result.ShapeText}, expected [{rows}, {width}].", "");
    }

    private static PluginFaultException Fault(EffectIndex plan, Effect effect, string error, string detail)
    {
        (string adapter, string plugin) = plan.OwnerOf(effect);
        return new PluginFaultException(plugin, $"serving adapter '{adapter}' ({effect.GetType().FullName})", error, detail);
    }
}
