using System.Diagnostics.CodeAnalysis;
using SkPeft.Engine.Adapters;
using SkPeft.Tensors.Kernels;

namespace SkPeft.Engine.Models.Llama;

/// <summary>What is left to do to one adapter's rows of one layer's output: its bias, and the adapter's effects in their order.</summary>
/// <param name="plan">The adapter's effects.</param>
/// <param name="layer">Those on this layer, or null for none.</param>
/// <param name="bias">The bias of the product, or none.</param>
/// <param name="x">The layer's input.</param>
/// <param name="y">The product.</param>
internal unsafe struct OutputChain(EffectPlan plan, LayerPlan? layer, RowVector bias, Rows x, Rows y)
{
    private readonly RowVector _bias = bias;
    private bool _hasBias = bias.IsNone;
    private int _next;

    /// <summary>Whether nothing is left.</summary>
    public readonly bool IsDone => _hasBias && _next == Effects.Length;

    private readonly ReadOnlySpan<LinearEffect> Effects => layer is null ? [] : layer.Effects;

    private readonly LinearEffect? Next => _next < Effects.Length ? Effects[_next] : null;

    /// <summary>Takes scales and biases up to the next effect of another kind. Leading scales that leave the bias as it is come before it.</summary>
    public void TakeVectors(RowPass pass)
    {
        pass.Begin(y.Data, y.Stride, y.Count, y.Width);
        for (; !_hasBias && Next is OutputScaleEffect { ScalesBias: false } scale; _next++)
        {
            pass.Then(new RowStep(RowOperation.Multiply, RowVector.Of(scale.Scale)));
        }

        if (!_hasBias)
        {
            pass.Then(new RowStep(RowOperation.Add, _bias));
            _hasBias = true;
        }

        for (; Next is { } effect && TryTake(effect, pass); _next++)
        {
        }
    }

    /// <summary>Takes one low-rank change, if that is next.</summary>
    public bool TryTake([NotNullWhen(true)] out LowRankRows? change)
    {
        change = Next is LowRankEffect low ? new LowRankRows(layer!.Factors[_next]!, low.Scale, x.Data, x.Stride, x.Count, y.Data, y.Stride) : null;
        _next += change is null ? 0 : 1;
        return change is not null;
    }

    /// <summary>Runs the effects that are next and have no grouped kernel.</summary>
    public void RunGeneral(ComputeContext compute)
    {
        for (LinearEffect? effect = Next; effect is WeightDeltaEffect or CustomLinearEffect; effect = Next)
        {
            if (effect is CustomLinearEffect custom)
            {
                Tensor input = x.Read(x.Width);
                Tensor output = y.Read(y.Width);
                y.Write(EffectCall.Run(plan, custom, x.Count, y.Width, () => custom.TransformOutput(input, output)));
            }
            else
            {
                fixed (float* delta = ((WeightDeltaEffect)effect).Delta.Data)
                {
                    compute.MultiplyPlain(delta, y.Width, x.Width, x.Data, x.Stride, x.Count, y.Data, y.Stride, accumulate: true);
                }
            }

            _next++;
        }
    }

    private readonly bool TryTake(LinearEffect effect, RowPass pass)
    {
        switch (effect)
        {
            case BiasEffect added:
                pass.Then(new RowStep(RowOperation.Add, RowVector.Of(added.Bias)));
                return true;
            case OutputScaleEffect scale:
                RowVector factors = RowVector.Of(scale.Scale);
                pass.Then(new RowStep(RowOperation.Multiply, factors));
                if (!scale.ScalesBias && !_bias.IsNone)
                {
                    pass.Then(new RowStep(RowOperation.Restore, factors, _bias));
                }

                return true;
            default:
                // Changed inputs and replaced weights had their turn before and in the product.
                return effect is InputScaleEffect or WeightEffect;
        }
    }
}
