using SkPeft.Tensors.Ops;

namespace SkPeft.Testing;

/// <summary>One forward pass over one text, with an adapter's effects applied in the plainest way.</summary>
internal sealed class ReferenceForward(ReferenceLlama model, IReadOnlyList<Effect> effects)
{
    private readonly ModelSizes _sizes = model.Shape.Sizes;

    public Tensor Run(ReadOnlySpan<int> ids, int instructionLength) => Linear(new LinearSite(-1, LinearKind.Head), Normed(ids, instructionLength));

    public Tensor Scores(ReadOnlySpan<int> ids, int instructionLength)
    {
        ClassifierEffect head = effects.OfType<ClassifierEffect>().Single();
        return Rows.Linear(Normed(ids, instructionLength).Rows(ids.Length - 1, 1), head.Weight, head.Bias).View(head.Weight[0]);
    }

    private Tensor Normed(ReadOnlySpan<int> ids, int instructionLength)
    {
        Tensor x = Embed(ids);
        int virtualTokens = 0;
        foreach (PromptEmbeddingsEffect prompt in effects.OfType<PromptEmbeddingsEffect>())
        {
            x = Rows.Stack(prompt.Embeddings, x);
            virtualTokens += prompt.Embeddings[0];
        }

        for (int layer = 0; layer < _sizes.Layers; layer++)
        {
            x = Rows.Combine(x, Attention(layer, x, x.Rows(virtualTokens, instructionLength)), (a, b) => a + b);
            x = Rows.Combine(x, Mlp(layer, x), (a, b) => a + b);
        }

        return Norm(new NormSite(-1, NormKind.Final), x.Rows(virtualTokens, ids.Length));
    }

    private Tensor Embed(ReadOnlySpan<int> ids)
    {
        Tensor table = model.Weight("model.embed_tokens");
        Tensor x = new(ids.Length, _sizes.HiddenSize);
        for (int i = 0; i < ids.Length; i++)
        {
            Span<float> row = ids[i] < 0 ? effects.OfType<SlotEmbeddingsEffect>().Single().Embeddings.Row(-ids[i] - 1) : table.Row(ids[i]);
            row.CopyTo(x.Row(i));
        }

        foreach (TokenEmbeddingEffect effect in effects.OfType<TokenEmbeddingEffect>())
        {
            x = effect.Apply(ids, 0, x);
        }

        return x;
    }

    private Tensor Attention(int layer, Tensor residual, Tensor instruction)
    {
        NormSite site = new(layer, NormKind.Attention);
        Tensor input = Norm(site, residual);
        int dim = _sizes.HeadDim;
        Tensor k = Linear(new LinearSite(layer, LinearKind.Key), input);
        Tensor v = Linear(new LinearSite(layer, LinearKind.Value), input);
        int first = 0;

        foreach (Effect effect in effects)
        {
            if (effect is KeyValuePrefixEffect prefix && prefix.Layer == layer)
            {
                first = prefix.Keys[0];
                k = Rows.Stack(prefix.Keys, model.Rope.Rotate(k, dim, first));
                v = Rows.Stack(prefix.Values, v);
            }
            else if (effect is GeneratedPrefixEffect generator && generator.Layer == layer)
            {
                first = generator.Count;
                Tensor soft = Norm(site, generator.Generate(instruction));
                Tensor softKeys = Linear(new LinearSite(layer, LinearKind.Key), soft);
                k = Rows.Stack(model.Rope.Rotate(softKeys, dim, 0), model.Rope.Rotate(k, dim, first));
                v = Rows.Stack(Linear(new LinearSite(layer, LinearKind.Value), soft), v);
            }
        }

        k = first == 0 ? model.Rope.Rotate(k, dim, 0) : k;
        Tensor q = model.Rope.Rotate(Linear(new LinearSite(layer, LinearKind.Query), input), dim, first);
        Tensor heads = Attend(q, k, v, causalFrom: first);
        foreach (GatedKeyValueEffect gated in effects.OfType<GatedKeyValueEffect>().Where(e => e.Layer == layer))
        {
            Tensor beside = Attend(q, gated.Keys, gated.Values, causalFrom: null);
            for (int i = 0; i < heads.Length; i++)
            {
                heads.Data[i] += gated.Gate.Data[i % heads[1] / dim] * beside.Data[i];
            }
        }

        return After(layer, SubLayerKind.Attention, input, Linear(new LinearSite(layer, LinearKind.Output), heads));
    }

    /// <summary>Softmax attention. Query i sees the keys up to causalFrom + i; all of them where that is null.</summary>
    private Tensor Attend(Tensor q, Tensor k, Tensor v, int? causalFrom)
    {
        int dim = _sizes.HeadDim;
        int group = _sizes.Heads / _sizes.KeyValueHeads;
        Tensor result = new(q.Shape);
        for (int row = 0; row < q[0]; row++)
        {
            int seen = causalFrom is { } first ? first + row + 1 : k[0];
            for (int head = 0; head < _sizes.Heads; head++)
            {
                double[] weights = new double[seen];
                for (int key = 0; key < seen; key++)
                {
                    for (int i = 0; i < dim; i++)
                    {
                        weights[key] += (double)q.Row(row)[(head * dim) + i] * k.Row(key)[(head / group * dim) + i];
                    }
                }

                double highest = weights.Max();
                double total = 0;
                for (int key = 0; key < seen; key++)
                {
                    weights[key] = Math.Exp((weights[key] - highest) / Math.Sqrt(dim));
                    total += weights[key];
                }

                for (int i = 0; i < dim; i++)
                {
                    double sum = 0;
                    for (int key = 0; key < seen; key++)
                    {
                        sum += weights[key] / total * v.Row(key)[(head / group * dim) + i];
                    }

                    result.Row(row)[(head * dim) + i] = (float)sum;
                }
            }
        }

        return result;
    }

    private Tensor Mlp(int layer, Tensor residual)
    {
        Tensor input = Norm(new NormSite(layer, NormKind.Mlp), residual);
        Tensor gate = Linear(new LinearSite(layer, LinearKind.Gate), input);
        Tensor up = Linear(new LinearSite(layer, LinearKind.Up), input);
        Tensor inner = Rows.Combine(gate, up, (g, u) => g / (1 + Math.Exp(-g)) * u);
        return After(layer, SubLayerKind.Mlp, input, Linear(new LinearSite(layer, LinearKind.Down), inner));
    }

    private Tensor After(int layer, SubLayerKind kind, Tensor input, Tensor output) =>
        effects.OfType<SubLayerEffect>().Where(e => e.Layer == layer && e.SubLayer == kind).Aggregate(output, (y, effect) => effect.Apply(input, y));

    private Tensor Norm(NormSite site, Tensor x)
    {
        string name = model.Shape.Modules.Single(m => m.Norm == site).Name;
        Tensor gain = effects.OfType<NormEffect>().LastOrDefault(e => e.Site == site)?.Weight ?? model.Weight(name);
        return Rows.RmsNorm(x, gain, model.NormEpsilon);
    }

    private Tensor Linear(LinearSite site, Tensor x)
    {
        List<LinearEffect> here = [.. effects.OfType<LinearEffect>().Where(e => e.Site == site)];
        WeightEffect? replaced = here.OfType<WeightEffect>().LastOrDefault();
        Tensor weight = replaced?.Weight ?? model.Weight(ModelShape.NameOf(site));
        Tensor? bias = replaced is null ? model.Bias(ModelShape.NameOf(site)) : replaced.Bias;
        Tensor seen = x;
        foreach (LinearEffect effect in here)
        {
            seen = effect switch
            {
                InputScaleEffect scale => Rows.Combine(seen, scale.Scale, (a, b) => a * b),
                CustomLinearEffect custom => custom.TransformInput(seen),
                _ => seen,
            };
        }

        Tensor y = Rows.Linear(seen, weight, bias);
        foreach (LinearEffect effect in here)
        {
            y = effect switch
            {
                LowRankEffect low => Rows.Combine(y, Rows.Linear(Rows.Linear(Seen(x, low.Dropout), low.A, null), low.B, null), (a, b) => a + (low.Scale * b)),
                WeightDeltaEffect change => Rows.Combine(y, Rows.Linear(Seen(x, change.Dropout), change.Delta, null), (a, b) => a + b),
                BiasEffect added => Rows.Combine(y, added.Bias, (a, b) => a + b),
                OutputScaleEffect scale => Scale(y, scale, bias),
                CustomLinearEffect custom => custom.TransformOutput(x, y),
                _ => y,
            };
        }

        return model.RoundingNoise is { } noise ? Rows.Combine(y, y, (a, _) => a * (1 + ((noise.NextDouble() - 0.5) * 2.4e-7))) : y;
    }

    private static Tensor Seen(Tensor x, DropoutMask? mask) => mask is null ? x : x.Dropout(mask);

    private static Tensor Scale(Tensor y, OutputScaleEffect effect, Tensor? bias)
    {
        if (effect.ScalesBias || bias is null)
        {
            return Rows.Combine(y, effect.Scale, (a, b) => a * b);
        }

        Tensor product = Rows.Combine(y, bias, (a, b) => a - b);
        return Rows.Combine(Rows.Combine(product, effect.Scale, (a, b) => a * b), bias, (a, b) => a + b);
    }
}
