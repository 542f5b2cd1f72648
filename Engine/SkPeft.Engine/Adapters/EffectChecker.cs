namespace SkPeft.Engine.Adapters;

/// <summary>Checks every effect against the base once, at load, so that the forward may trust shapes and layers.</summary>
/// <param name="adapter">The adapter, for messages.</param>
/// <param name="shape">The base.</param>
internal sealed class EffectChecker(string adapter, ModelShape shape)
{
    // More than any context has; keeps sums of rows far from overflow.
    private const int MaximumRows = 1 << 24;

    private readonly ModelSizes _sizes = shape.Sizes;

    public void Check(IReadOnlyList<Effect> effects)
    {
        foreach (Effect effect in effects)
        {
            CheckOne(effect);
        }

        CheckEveryLayer("static prefix", [.. effects.OfType<KeyValuePrefixEffect>().Select(e => (e.Layer, e.Keys[0]))]);
        CheckEveryLayer("generated prefix", [.. effects.OfType<GeneratedPrefixEffect>().Select(e => (e.Layer, e.Count))]);
        CheckSlots([.. effects.OfType<SlotEmbeddingsEffect>()], effects.OfType<TokenEmbeddingEffect>().Any());
        if (effects.OfType<ClassifierEffect>().Count() is var heads and > 1)
        {
            throw Error(nameof(ClassifierEffect), $"{heads} heads", "one: an adapter has one set of classes");
        }
    }

    private void CheckOne(Effect effect)
    {
        switch (effect)
        {
            case LowRankEffect e:
                ModuleInfo module = Module(e.Site);
                Expect(e, "A", e.A, RowsOf(e.A), module.Inputs);
                Expect(e, "B", e.B, module.Outputs, RowsOf(e.A));
                break;
            case WeightDeltaEffect e:
                Expect(e, "delta", e.Delta, Module(e.Site).Outputs, Module(e.Site).Inputs);
                break;
            case BiasEffect e:
                Expect(e, "bias", e.Bias, Module(e.Site).Outputs);
                break;
            case OutputScaleEffect e:
                Expect(e, "scale", e.Scale, Module(e.Site).Outputs);
                break;
            case InputScaleEffect e:
                Expect(e, "scale", e.Scale, Module(e.Site).Inputs);
                break;
            case WeightEffect e:
                Expect(e, "weight", e.Weight, Module(e.Site).Outputs, Module(e.Site).Inputs);
                if (e.Bias is not null)
                {
                    Expect(e, "bias", e.Bias, Module(e.Site).Outputs);
                }

                break;
            case CustomLinearEffect e:
                _ = Module(e.Site);
                break;
            case PromptEmbeddingsEffect e:
                Expect(e, "embeddings", e.Embeddings, RowsOf(e.Embeddings), _sizes.HiddenSize);
                break;
            case KeyValuePrefixEffect e:
                CheckLayer(e, e.Layer);
                Expect(e, "keys", e.Keys, RowsOf(e.Keys), _sizes.KeyValueWidth);
                Expect(e, "values", e.Values, RowsOf(e.Keys), _sizes.KeyValueWidth);
                break;
            case GatedKeyValueEffect e:
                CheckLayer(e, e.Layer);
                Expect(e, "keys", e.Keys, RowsOf(e.Keys), _sizes.KeyValueWidth);
                Expect(e, "values", e.Values, RowsOf(e.Keys), _sizes.KeyValueWidth);
                Expect(e, "gate", e.Gate, _sizes.Heads);
                break;
            case NormEffect e:
                CheckNorm(e);
                Expect(e, "weight", e.Weight, _sizes.HiddenSize);
                break;
            case ClassifierEffect e:
                CheckHead(e);
                break;
            case SubLayerEffect e:
                CheckLayer(e, e.Layer);
                break;
            case GeneratedPrefixEffect e:
                CheckLayer(e, e.Layer);
                if (e.Count is < 1 or > MaximumRows)
                {
                    throw Error($"{nameof(GeneratedPrefixEffect)}.Count of layer {e.Layer}", $"{e.Count}", $"1 to {MaximumRows} soft tokens");
                }

                break;
            default:
                break;
        }
    }

    // Changes by token look ids up in tables; a placeholder is in none.
    private void CheckSlots(SlotEmbeddingsEffect[] slots, bool changesTokens)
    {
        if (slots.Length > 1 || (slots.Length == 1 && changesTokens))
        {
            throw Error(nameof(SlotEmbeddingsEffect), changesTokens ? $"a {nameof(TokenEmbeddingEffect)} beside it" : $"{slots.Length} of them", "one, by itself");
        }

        foreach (SlotEmbeddingsEffect effect in slots)
        {
            Expect(effect, "embeddings", effect.Embeddings, effect.Slots.Count, _sizes.HiddenSize);
        }
    }

    private ModuleInfo Module(LinearSite site)
    {
        bool known = site.Kind == LinearKind.Head ? site.Layer == -1 : Enum.IsDefined(site.Kind) && IsLayer(site.Layer);
        return known
            ? shape.ModuleOf(site)
            : throw Error($"linear layer {site.Layer}.{site.Kind}", "an effect there", $"layers 0 to {_sizes.Layers - 1}, or -1 for the head");
    }

    private void CheckHead(ClassifierEffect effect)
    {
        Expect(effect, "weight", effect.Weight, RowsOf(effect.Weight), _sizes.HiddenSize);
        int classes = effect.Weight[0];
        if (effect.Bias is not null)
        {
            Expect(effect, "bias", effect.Bias, classes);
        }

        if (effect.Labels.Count != classes || effect.Labels.Distinct(StringComparer.Ordinal).Count() != classes)
        {
            throw Error($"{nameof(ClassifierEffect)}.Labels", $"{string.Join(", ", effect.Labels)}", $"{classes} different names, one a class");
        }
    }

    private void CheckNorm(NormEffect effect)
    {
        NormSite site = effect.Site;
        bool known = site.Kind == NormKind.Final ? site.Layer == -1 : Enum.IsDefined(site.Kind) && IsLayer(site.Layer);
        if (!known)
        {
            throw Error($"{nameof(NormEffect)} of norm {site.Layer}.{site.Kind}", "an effect there", $"layers 0 to {_sizes.Layers - 1}, or -1 for the final norm");
        }
    }

    private bool IsLayer(int layer) => layer >= 0 && layer < _sizes.Layers;

    // A number of rows that the method chooses, but not none.
    private static int RowsOf(Tensor tensor) => tensor.Rank > 0 ? Math.Max(1, tensor[0]) : 1;

    private void CheckLayer(Effect effect, int layer)
    {
        if (!IsLayer(layer))
        {
            throw Error($"{effect.GetType().Name} of layer {layer}", "an effect there", $"layers 0 to {_sizes.Layers - 1}");
        }
    }

    // Text positions start behind the prefix in every layer alike, so a prefix in some layers only has no meaning.
    private void CheckEveryLayer(string what, (int Layer, int Rows)[] found)
    {
        if (found.Length == 0)
        {
            return;
        }

        if (found.Length != _sizes.Layers || found.Select(f => f.Layer).Distinct().Count() != _sizes.Layers || found.Any(f => f.Rows != found[0].Rows))
        {
            throw Error(what, $"{found.Length} layers with {string.Join("/", found.Select(f => f.Rows).Distinct())} rows", $"{_sizes.Layers} layers with equally many rows");
        }
    }

    private void Expect(Effect effect, string part, Tensor tensor, params ReadOnlySpan<int> expected)
    {
        if (!tensor.Shape.SequenceEqual(expected))
        {
            throw Error($"{effect.GetType().Name}.{part}", tensor.ShapeText, $"[{string.Join(", ", expected.ToArray())}]");
        }
    }

    private AdapterShapeException Error(string what, string found, string expected) =>
        new(adapter, what, found, expected, "The method's plugin built an effect that does not fit this base.");
}
