using System.Runtime.InteropServices;
using SkPeft.Engine.Adapters;
using SkPeft.Tensors.Kernels;

namespace SkPeft.Engine.Models.Llama;

/// <summary>
/// Linear layers with effects: the base product runs once for all rows of a step, then each adapter's effects touch its own rows.
/// Order on a layer: changed input, base product (or the one that replaces it), leading scales without bias, bias, all other effects in the
/// adapter's order.
/// </summary>
internal sealed unsafe class LinearRunner(ComputeContext compute, Workspace work)
{
    private readonly List<LowRankRows> _lowRank = [];

    /// <summary>y (+)= x Wᵀ + b with effects. The workspace must have room for as many rows.</summary>
    public void Run(FusedLinear linear, ReadOnlySpan<PlanRows> groups, Rows x, Rows y, bool accumulate, Precision precision)
    {
        bool single = linear.Parts.Count == 1;
        Rows seen = single ? ChangeInputs(linear.Parts[0].Site, groups, x) : x;
        compute.Multiply(linear.Matrix, seen.Data, seen.Stride, x.Count, y.Data, y.Stride, accumulate, precision);
        try
        {
            foreach (PlanRows group in groups)
            {
                Rows from = x.Slice(group.First, group.Count);
                Rows to = y.Slice(group.First, group.Count);
                foreach (LinearPart part in linear.Parts)
                {
                    ReadOnlySpan<LinearEffect> effects = group.Plan.At(part.Site);
                    if (!effects.IsEmpty)
                    {
                        OwnProduct(group.Plan, linear, part, single ? seen.Slice(group.First, group.Count) : from, to, precision);
                    }

                    Finish(group.Plan, part, linear.BiasOf(part), from, to.Columns(part.Offset), precision);
                }
            }

            AddLowRank(precision);
        }
        finally
        {
            // An effect that threw leaves changes behind: they point into rows of a product that nobody reads any more.
            _lowRank.Clear();
        }
    }

    /// <summary>True where an effect must see the layer's own output, not the residual stream that it is added to.</summary>
    public static bool NeedsOwnOutput(ReadOnlySpan<LinearEffect> effects)
    {
        foreach (LinearEffect effect in effects)
        {
            if (effect is OutputScaleEffect or WeightEffect or CustomLinearEffect)
            {
                return true;
            }
        }

        return false;
    }

    private static bool ChangesInput(ReadOnlySpan<LinearEffect> effects)
    {
        foreach (LinearEffect effect in effects)
        {
            if (effect is InputScaleEffect or CustomLinearEffect)
            {
                return true;
            }
        }

        return false;
    }

    private static WeightEffect? Replacement(ReadOnlySpan<LinearEffect> effects)
    {
        WeightEffect? last = null;
        foreach (LinearEffect effect in effects)
        {
            last = effect as WeightEffect ?? last;
        }

        return last;
    }

    // The product of one layer for one adapter's rows, where it is not the common one: other weights, or an input of its own in a fused layer
    // (a single layer's input was changed before the product).
    private void OwnProduct(EffectPlan plan, FusedLinear linear, LinearPart part, Rows x, Rows y, Precision precision)
    {
        ReadOnlySpan<LinearEffect> effects = plan.At(part.Site);
        bool changed = false;
        if (linear.Parts.Count > 1 && ChangesInput(effects))
        {
            Rows own = new(work.Changed, work.ChangedWidth, x.Count, x.Width);
            x.CopyTo(own);
            changed = Change(plan, effects, own);
            x = own;
        }

        if (Replacement(effects) is { } replaced)
        {
            fixed (float* w = replaced.Weight.Data)
            {
                compute.MultiplyPlain(w, part.Width, x.Width, x.Data, x.Stride, x.Count, y.Data + part.Offset, y.Stride, accumulate: false);
            }
        }
        else if (changed)
        {
            compute.Multiply(linear.Matrix, x.Data, x.Stride, x.Count, work.Product, work.ProductWidth, false, precision);
            new Rows(work.Product + part.Offset, work.ProductWidth, x.Count, part.Width).CopyTo(y.Columns(part.Offset));
        }
    }

    // The changes that wait; before anything else touches their outputs.
    private void AddLowRank(Precision precision)
    {
        if (_lowRank.Count > 0)
        {
            compute.LowRankAdd(CollectionsMarshal.AsSpan(_lowRank), precision);
            _lowRank.Clear();
        }
    }

    // Bias and effects on rows whose product is in y.
    private void Finish(EffectPlan plan, LinearPart part, float* bias, Rows x, Rows y, Precision precision)
    {
        ReadOnlySpan<LinearEffect> effects = plan.At(part.Site);
        int width = part.Width;
        WeightEffect? replaced = Replacement(effects);
        fixed (float* own = replaced?.Bias is { } given ? given.Data : default)
        {
            float* b = replaced is null ? bias : own;
            int done = 0;
            for (; b != null && done < effects.Length && effects[done] is OutputScaleEffect { ScalesBias: false } scale; done++)
            {
                Scale(scale.Scale, width, y);
            }

            if (b != null)
            {
                AddBias(b, width, y);
            }

            ReadOnlySpan<LinearEffect> others = effects[done..];
            foreach (LinearEffect effect in others)
            {
                if (effect is LowRankEffect low)
                {
                    _lowRank.Add(new LowRankRows(plan.FactorsOf(low), x.Data, x.Stride, x.Count, y.Data, y.Stride));
                    if (others.Length == 1)
                    {
                        // Nothing else touches these outputs: all adapters' and layers' changes run together.
                        return;
                    }

                    AddLowRank(precision);
                }
                else
                {
                    Apply(plan, effect, width, b, x, y);
                }
            }
        }
    }

    private void Apply(EffectPlan plan, LinearEffect effect, int width, float* bias, Rows x, Rows y)
    {
        switch (effect)
        {
            case WeightDeltaEffect change:
                fixed (float* delta = change.Delta.Data)
                {
                    compute.MultiplyPlain(delta, width, x.Width, x.Data, x.Stride, x.Count, y.Data, y.Stride, accumulate: true);
                }

                break;
            case BiasEffect added:
                fixed (float* b = added.Bias.Data)
                {
                    AddBias(b, width, y);
                }

                break;
            case OutputScaleEffect scale:
                Scale(scale.Scale, width, y);
                if (!scale.ScalesBias && bias != null)
                {
                    RestoreBias(scale.Scale, bias, width, y);
                }

                break;
            case CustomLinearEffect custom:
                Tensor input = x.Read(x.Width);
                Tensor output = y.Read(width);
                y.Write(EffectCall.Run(plan, custom, x.Count, width, () => custom.TransformOutput(input, output)));
                break;
            default:
                break;
        }
    }

    // A single layer's input is changed before the product, so that the product runs once. (Fused layers: see OwnProduct.)
    private Rows ChangeInputs(LinearSite site, ReadOnlySpan<PlanRows> groups, Rows x)
    {
        bool any = false;
        foreach (PlanRows group in groups)
        {
            any |= ChangesInput(group.Plan.At(site));
        }

        if (!any)
        {
            return x;
        }

        Rows changed = new(work.Changed, work.ChangedWidth, x.Count, x.Width);
        foreach (PlanRows group in groups)
        {
            Rows to = changed.Slice(group.First, group.Count);
            x.Slice(group.First, group.Count).CopyTo(to);
            Change(group.Plan, group.Plan.At(site), to);
        }

        return changed;
    }

    private bool Change(EffectPlan plan, ReadOnlySpan<LinearEffect> effects, Rows x)
    {
        bool any = false;
        foreach (LinearEffect effect in effects)
        {
            if (effect is InputScaleEffect scale)
            {
                Scale(scale.Scale, x.Width, x);
                any = true;
            }
            else if (effect is CustomLinearEffect custom)
            {
                Tensor before = x.Read(x.Width);
                Tensor after = EffectCall.Run(plan, custom, x.Count, x.Width, () => custom.TransformInput(before));
                if (!ReferenceEquals(before, after))
                {
                    x.Write(after);
                    any = true;
                }
            }
        }

        return any;
    }

    private void Scale(Tensor scale, int width, Rows y)
    {
        fixed (float* s = scale.Data)
        {
            for (int row = 0; row < y.Count; row++)
            {
                compute.MultiplyInto(s, y.Row(row), width);
            }
        }
    }

    // After y ⊙ s, with the bias b in y, adds b ⊙ (1 − s): as if only the rest had been scaled.
    private static void RestoreBias(Tensor scale, float* bias, int width, Rows y)
    {
        ReadOnlySpan<float> s = scale.Data;
        for (int row = 0; row < y.Count; row++)
        {
            float* to = y.Row(row);
            for (int i = 0; i < width; i++)
            {
                to[i] += bias[i] * (1 - s[i]);
            }
        }
    }

    private void AddBias(float* bias, int width, Rows y)
    {
        for (int row = 0; row < y.Count; row++)
        {
            compute.Add(bias, y.Row(row), width);
        }
    }
}
