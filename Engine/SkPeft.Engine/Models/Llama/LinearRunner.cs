using SkPeft.Engine.Adapters;
using SkPeft.Tensors.Kernels;

namespace SkPeft.Engine.Models.Llama;

/// <summary>
/// Linear layers with effects: the base product runs once for all rows of a step, then each adapter's effects touch its own rows.
/// Order on a layer: changed input, base product or that of a replaced weight, scale without bias, bias, all other effects in the adapter's order.
/// </summary>
internal sealed unsafe class LinearRunner(ComputeContext compute, Workspace work)
{
    /// <summary>y (+)= x Wᵀ + b with effects, for all rows of the step.</summary>
    public void Run(FusedLinear linear, ReadOnlySpan<PlanRows> groups, Rows x, Rows y, bool accumulate, Precision precision)
    {
        bool single = linear.Parts.Count == 1;
        Rows seen = single ? ChangeInputs(linear.Parts[0].Site, groups, x) : x;
        compute.Multiply(linear.Matrix, seen.Data, seen.Stride, x.Count, y.Data, y.Stride, accumulate, precision);
        foreach (PlanRows group in groups)
        {
            Rows from = x.Slice(group.First, group.Count);
            Rows to = y.Slice(group.First, group.Count);
            foreach (LinearPart part in linear.Parts)
            {
                ReadOnlySpan<LinearEffect> effects = group.Plan.At(part.Site);
                if (!single && ChangesInput(effects))
                {
                    Recompute(linear, part, effects, from, to, precision);
                }

                Finish(group.Plan, part, linear.BiasOf(part), from, to.Columns(part.Offset));
            }
        }
    }

    /// <summary>Effects of one plan on rows whose base product is in y, for rows outside the step (generated soft tokens).</summary>
    public void Finish(EffectPlan plan, LinearPart part, float* bias, Rows x, Rows y)
    {
        ReadOnlySpan<LinearEffect> effects = plan.At(part.Site);
        int width = part.Width;

        // A replaced weight takes the base's place before anything else looks at the product.
        WeightEffect? replaced = null;
        foreach (LinearEffect effect in effects)
        {
            if (effect is WeightEffect weight)
            {
                Replace(weight, width, x, y);
                replaced = weight;
            }
        }

        foreach (LinearEffect effect in effects)
        {
            if (effect is OutputScaleEffect { ScalesBias: false } scale)
            {
                Scale(scale.Scale, width, y);
            }
        }

        if (replaced is not null)
        {
            AddBias(replaced.Bias, width, y);
        }
        else if (bias != null)
        {
            AddBias(bias, width, y);
        }

        foreach (LinearEffect effect in effects)
        {
            Apply(plan, effect, width, x, y);
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

    private void Apply(EffectPlan plan, LinearEffect effect, int width, Rows x, Rows y)
    {
        switch (effect)
        {
            case LowRankEffect low:
                compute.LowRankAdd(plan.FactorsOf(low), x.Data, x.Stride, x.Count, y.Data, y.Stride);
                break;
            case BiasEffect added:
                AddBias(added.Bias, width, y);
                break;
            case OutputScaleEffect { ScalesBias: true } scale:
                Scale(scale.Scale, width, y);
                break;
            case CustomLinearEffect custom:
                y.Write(custom.TransformOutput(x.Read(x.Width), y.Read(width)), width, custom);
                break;
            default:
                break;
        }
    }

    private void Replace(WeightEffect effect, int width, Rows x, Rows y)
    {
        fixed (float* w = effect.Weight.Data)
        {
            int inputs = effect.Weight[1];
            compute.Gemm(x.Count, width, inputs, x.Data, x.Stride, false, w, inputs, true, y.Data, y.Stride, false);
        }
    }

    // A single layer's input is changed before the product, so that the product runs once. (Fused layers: see Recompute.)
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
            Change(group.Plan.At(site), to);
        }

        return changed;
    }

    private void Recompute(FusedLinear linear, LinearPart part, ReadOnlySpan<LinearEffect> effects, Rows x, Rows y, Precision precision)
    {
        Rows changed = new(work.Changed, work.ChangedWidth, x.Count, x.Width);
        x.CopyTo(changed);
        if (!Change(effects, changed))
        {
            return;
        }

        compute.Multiply(linear.Matrix, changed.Data, changed.Stride, x.Count, work.Product, work.ProductWidth, false, precision);
        new Rows(work.Product + part.Offset, work.ProductWidth, x.Count, part.Width).CopyTo(y.Columns(part.Offset));
    }

    private bool Change(ReadOnlySpan<LinearEffect> effects, Rows x)
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
                Tensor after = custom.TransformInput(before);
                if (!ReferenceEquals(before, after))
                {
                    x.Write(after, x.Width, custom);
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

    private void AddBias(Tensor? bias, int width, Rows y)
    {
        if (bias is not null)
        {
            fixed (float* b = bias.Data)
            {
                AddBias(b, width, y);
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
