using SkPeft.Engine.Adapters;
using SkPeft.Tensors.Kernels;

namespace SkPeft.Engine.Models.Llama;

/// <summary>
/// Linear layers with effects: the base product runs once for all rows of a step, then each adapter's effects touch its own rows
/// (<see cref="OutputEffects"/>: those of all adapters together, where there is a kernel for them).
/// Order on a layer: changed input, base product (or the one that replaces it), leading scales without bias, bias, all other effects in the
/// adapter's order.
/// </summary>
internal sealed unsafe class LinearRunner(ComputeContext compute, Workspace work)
{
    private readonly OutputEffects _outputs = new(compute);
    private readonly RowPass _inputs = new();

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
                foreach (LinearPart part in linear.Parts)
                {
                    AddOutputs(linear, part, group, from, single ? seen.Slice(group.First, group.Count) : from, y.Slice(group.First, group.Count), precision);
                }
            }

            _outputs.Run(precision);
        }
        finally
        {
            _outputs.Clear();
        }
    }

    private void AddOutputs(FusedLinear linear, LinearPart part, PlanRows group, Rows x, Rows seen, Rows y, Precision precision)
    {
        LayerPlan? layer = group.Plan.Layer(part.Site);
        RowVector bias = RowVector.Of(linear.BiasOf(part));
        if (layer is not null)
        {
            OwnProduct(group.Plan, layer, linear, part, seen, y, precision);
            bias = layer.Replacement is { } replaced ? RowVector.Of(replaced.Bias) : bias;
        }

        if (layer is not null || !bias.IsNone)
        {
            _outputs.Add(new OutputChain(group.Plan, layer, bias, x, y.Columns(part.Offset, part.Width)));
        }
    }

    // The product of one layer for one adapter's rows, where it is not the common one: other weights, or an input of its own in a fused layer
    // (a single layer's input was changed before the product).
    private void OwnProduct(EffectPlan plan, LayerPlan layer, FusedLinear linear, LinearPart part, Rows x, Rows y, Precision precision)
    {
        bool changed = false;
        if (linear.Parts.Count > 1 && layer.ChangesInput)
        {
            Rows own = new(work.Changed, work.ChangedWidth, x.Count, x.Width);
            x.CopyTo(own);
            changed = Change(plan, layer.Effects, own);
            x = own;
        }

        if (layer.Replacement is { } replaced)
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

    // A single layer's input is changed before the product, so that the product runs once. (Fused layers: see OwnProduct.)
    private Rows ChangeInputs(LinearSite site, ReadOnlySpan<PlanRows> groups, Rows x)
    {
        bool any = false;
        foreach (PlanRows group in groups)
        {
            any |= group.Plan.Layer(site) is { ChangesInput: true };
        }

        if (!any)
        {
            return x;
        }

        Rows changed = new(work.Changed, work.ChangedWidth, x.Count, x.Width);
        CopyScaled(site, groups, x, changed);
        foreach (PlanRows group in groups)
        {
            ReadOnlySpan<LinearEffect> effects = group.Plan.At(site);
            Change(group.Plan, effects[LeadingScales(effects)..], changed.Slice(group.First, group.Count));
        }

        return changed;
    }

    // All rows in one pass, with the scales that need nothing else before them.
    private void CopyScaled(LinearSite site, ReadOnlySpan<PlanRows> groups, Rows x, Rows changed)
    {
        try
        {
            foreach (PlanRows group in groups)
            {
                _inputs.Begin(x.Row(group.First), x.Stride, changed.Row(group.First), changed.Stride, group.Count, x.Width);
                _inputs.Then(new RowStep(RowOperation.Copy));
                ReadOnlySpan<LinearEffect> effects = group.Plan.At(site);
                foreach (LinearEffect effect in effects[..LeadingScales(effects)])
                {
                    if (effect is InputScaleEffect scale)
                    {
                        _inputs.Then(new RowStep(RowOperation.Multiply, RowVector.Of(scale.Scale)));
                    }
                }
            }

            compute.Run(_inputs);
        }
        finally
        {
            _inputs.Clear();
        }
    }

    // Up to the first effect whose arithmetic is its own.
    private static int LeadingScales(ReadOnlySpan<LinearEffect> effects)
    {
        int count = 0;
        while (count < effects.Length && effects[count] is not CustomLinearEffect)
        {
            count++;
        }

        return count;
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
}
