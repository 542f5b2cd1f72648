using SkPeft.Engine.Adapters;
using SkPeft.Engine.Models.Llama;
using SkPeft.Tensors.Ops;

namespace SkPeft.Training.Forward;

/// <summary>
/// Linear layers with any effects, in the order of serving: changed input, base product (or the one that replaces it), leading scales without
/// bias, bias, all other effects in the adapter's order.
/// </summary>
internal sealed unsafe class GeneralLinear(FrozenProduct products, DenseProduct dense)
{
    /// <summary>y = x Wᵀ + b with effects, [n, Σ out].</summary>
    public Tensor Apply(FusedLinear linear, RowGroups groups, Tensor x)
    {
        // Layers that share their input share the product, unless an adapter has other plans for all of them.
        Tensor? common = groups.All.Any(g => linear.Parts.Any(p => UsesCommon(g.Effects.At(p.Site)))) ? products.Apply(linear, x) : null;
        if (groups.All.Count == 1)
        {
            return Join(1, [.. linear.Parts.Select(p => Part(linear, p, groups.All[0].Effects, x, common))]);
        }

        return Join(0, [.. groups.All.Select(g =>
        {
            Tensor rows = x.Slice(0, g.First, g.Count);
            Tensor? product = common?.Slice(0, g.First, g.Count);
            return Join(1, [.. linear.Parts.Select(p => Part(linear, p, g.Effects, rows, product))]);
        })]);
    }

    private static Tensor Join(int axis, Tensor[] parts) => parts.Length == 1 ? parts[0] : TensorOps.Concat(axis, parts);

    private static bool UsesCommon(ReadOnlySpan<LinearEffect> effects)
    {
        foreach (LinearEffect effect in effects)
        {
            if (effect is WeightEffect)
            {
                return false;
            }
        }

        return true;
    }

    private Tensor Part(FusedLinear linear, LinearPart part, EffectIndex effects, Tensor x, Tensor? common)
    {
        LinearEffect[] here = [.. effects.At(part.Site)];
        Tensor seen = ChangeInput(effects, here, x);
        WeightEffect? replaced = here.OfType<WeightEffect>().LastOrDefault();
        Tensor y =
            replaced is not null ? dense.Apply(seen, replaced.Weight)
            : ReferenceEquals(seen, x) ? Columns(common!, part)
            : Columns(products.Apply(linear, seen), part);
        Tensor? bias = replaced is not null ? replaced.Bias : FrozenBias(linear, part);
        int done = 0;
        for (; bias is not null && done < here.Length && here[done] is OutputScaleEffect { ScalesBias: false } scale; done++)
        {
            y = y.Multiply(scale.Scale);
        }

        y = bias is null ? y : y.Add(bias);
        foreach (LinearEffect effect in here.Skip(done))
        {
            y = Change(effects, effect, bias, x, y);
        }

        return y;
    }

    private static Tensor Columns(Tensor y, LinearPart part) => part.Width == y[1] ? y : y.Slice(1, part.Offset, part.Width);

    private static Tensor? FrozenBias(FusedLinear linear, LinearPart part)
    {
        float* bias = linear.BiasOf(part);
        return bias == null ? null : Tensor.From(new ReadOnlySpan<float>(bias, part.Width), part.Width);
    }

    private static Tensor ChangeInput(EffectIndex effects, LinearEffect[] here, Tensor x)
    {
        Tensor seen = x;
        foreach (LinearEffect effect in here)
        {
            Tensor before = seen;
            seen = effect switch
            {
                InputScaleEffect scale => before.Multiply(scale.Scale),
                CustomLinearEffect custom => EffectCall.Run(effects, custom, x[0], x[1], () => custom.TransformInput(before)),
                _ => before,
            };
        }

        return seen;
    }

    private Tensor Change(EffectIndex effects, LinearEffect effect, Tensor? bias, Tensor x, Tensor y) => effect switch
    {
        LowRankEffect low => y.Add(dense.Apply(dense.Apply(Seen(x, low.Dropout), low.A).Scale(low.Scale), low.B)),
        WeightDeltaEffect delta => y.Add(dense.Apply(Seen(x, delta.Dropout), delta.Delta)),
        BiasEffect added => y.Add(added.Bias),
        OutputScaleEffect { ScalesBias: false } scale when bias is not null => y.Subtract(bias).Multiply(scale.Scale).Add(bias),
        OutputScaleEffect scale => y.Multiply(scale.Scale),
        CustomLinearEffect custom => EffectCall.Run(effects, custom, y[0], y[1], () => custom.TransformOutput(x, y)),
        _ => y,
    };

    private static Tensor Seen(Tensor x, DropoutMask? mask) => mask is null ? x : x.Dropout(mask);
}
