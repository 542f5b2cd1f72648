using SkPeft.Tensors.Differentiation;
using SkPeft.Tensors.Ops;

namespace SkPeft.Training.Forward;

/// <summary>The final norm, the vocabulary projection and the losses, at the rows that carry loss only.</summary>
internal sealed unsafe class LossHead(ForwardContext context, NormRows norms, AdaptedLinear linears)
{
    /// <summary>Negative log-likelihoods [n] of the tokens that carry loss, sequence by sequence.</summary>
    /// <param name="batch">The sequences.</param>
    /// <param name="x">The residual stream behind the last block.</param>
    public Tensor TokenLosses(TrainingBatch batch, Tensor x)
    {
        List<int> rows = [];
        List<int> targets = [];
        RowGroups groups = new();
        foreach (PlacedSequence sequence in batch.Sequences)
        {
            ReadOnlySpan<int> ids = sequence.Sequence.Ids.Span;
            for (int target = sequence.Sequence.LossFrom; target < ids.Length; target++)
            {
                rows.Add(sequence.FirstTextRow + target - 1);
                targets.Add(ids[target]);
            }

            groups.Append(sequence.Effects, Math.Max(0, ids.Length - sequence.Sequence.LossFrom));
        }

        Tensor normed = norms.Apply(new NormSite(-1, NormKind.Final), context.Weights.FinalNorm, groups, x.Gather([.. rows]));
        return CrossEntropy(linears.Apply(context.Weights.Head, groups, normed), [.. targets]);
    }

    private Tensor CrossEntropy(Tensor logits, int[] targets)
    {
        Tensor losses = new(targets.Length);
        fixed (float* rows = logits.Data, to = losses.Data)
        fixed (int* wanted = targets)
        {
            context.Compute.CrossEntropy(rows, logits[1], targets.Length, logits[1], wanted, null, to, false);
        }

        return Operation.Record(losses, (gradient, gradients) =>
        {
            // Nobody reads the logits any more: they become their own gradient.
            Tensor unused = new(targets.Length);
            fixed (float* rows = logits.Data, to = unused.Data, weights = gradient.Data)
            fixed (int* wanted = targets)
            {
                context.Compute.CrossEntropy(rows, logits[1], targets.Length, logits[1], wanted, weights, to, true);
            }

            gradients.Add(logits, logits.Detach());
        }, logits);
    }
}
