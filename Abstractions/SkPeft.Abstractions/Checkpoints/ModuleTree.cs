namespace SkPeft;

/// <summary>
/// Every module of a model under the names that the reference implementation's <c>named_modules</c> gives, containers included:
/// adapters' targets are matched against all of them, so that a target which names a container is refused as it is there.
/// </summary>
public static class ModuleTree
{
    /// <summary>What a model for causal language modelling puts in front of the names of its backbone.</summary>
    public const string Backbone = "model.";

    /// <summary>Lists the names, outer modules before inner ones.</summary>
    /// <param name="shape">The model.</param>
    public static IEnumerable<string> NamesOf(ModelShape shape)
    {
        HashSet<string> seen = new(StringComparer.Ordinal);
        foreach (string leaf in shape.Modules.Select(m => m.Name))
        {
            for (int dot = leaf.IndexOf('.'); dot >= 0; dot = leaf.IndexOf('.', dot + 1))
            {
                if (seen.Add(leaf[..dot]))
                {
                    yield return leaf[..dot];
                }
            }

            yield return leaf;
        }

        for (int layer = 0; layer < shape.Sizes.Layers; layer++)
        {
            yield return $"model.layers.{layer}.mlp.act_fn";
        }

        yield return "model.rotary_emb";
    }
}
