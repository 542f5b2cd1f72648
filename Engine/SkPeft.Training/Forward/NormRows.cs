using SkPeft.Tensors.Differentiation;

namespace SkPeft.Training.Forward;

/// <summary>RMS norms, with the gains that adapters bring.</summary>
internal sealed unsafe class NormRows(ForwardContext context)
{
    /// <summary>x / √(mean(x²) + ε) ⊙ gain, row by row.</summary>
    /// <param name="site">The norm.</param>
    /// <param name="frozen">The base's gain, [hidden].</param>
    /// <param name="groups">The rows' adapters.</param>
    /// <param name="x">[n, hidden].</param>
    public Tensor Apply(NormSite site, float* frozen, RowGroups groups, Tensor x)
    {
        if (groups.All.All(g => g.Effects.At(site) is null))
        {
            return Apply(frozen, null, x);
        }

        nint gain = (nint)frozen;
        return groups.Map(x, (group, rows) => Apply((float*)gain, group.Effects.At(site), rows));
    }

    private Tensor Apply(float* frozen, Tensor? trained, Tensor x)
    {
        int width = x[1];
        float epsilon = context.Weights.NormEpsilon;
        Tensor y = context.Memory.Rent(x.Shape);
        fixed (float* from = x.Data, to = y.Data, own = trained is null ? default : trained.Data)
        {
            context.Compute.RmsNorm(from, width, own == null ? frozen : own, epsilon, to, width, x[0], width);
        }

        nint gain = (nint)frozen;
        return Operation.Record(y, (dy, gradients) =>
        {
            Tensor dx = gradients.Rent(x.Shape);
            Tensor? dGain = trained is { NeedsGradient: true } ? gradients.Buffer(trained) : null;
            fixed (float* from = x.Data, own = trained is null ? default : trained.Data, dFrom = dx.Data, dTo = dy.Data, dOwn = dGain is null ? default : dGain.Data)
            {
                context.Compute.RmsNormGradient(from, width, own == null ? (float*)gain : own, epsilon, dTo, width, dFrom, width, false, dOwn, x[0], width);
            }

            gradients.Add(x, dx);
        }, trained is null ? [x] : [x, trained]);
    }
}
