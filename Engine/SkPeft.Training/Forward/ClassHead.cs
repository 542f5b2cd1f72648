using SkPeft.Tensors.Ops;

namespace SkPeft.Training.Forward;

/// <summary>The final norm and the adapters' own classes (SEQ_CLS), behind the last token of every sequence.</summary>
internal sealed unsafe class ClassHead(ForwardContext context, NormRows norms)
{
    /// <summary>Scores, [sequences, classes]; all adapters of a batch have equally many classes.</summary>
    /// <param name="batch">The sequences.</param>
    /// <param name="x">The residual stream behind the last block.</param>
    public Tensor Scores(TrainingBatch batch, Tensor x)
    {
        RowGroups groups = new();
        foreach (PlacedSequence sequence in batch.Sequences)
        {
            groups.Append(sequence.Effects, 1);
        }

        Tensor last = x.Gather([.. batch.Sequences.Select(s => s.FirstRow + s.Rows - 1)]);
        Tensor normed = norms.Apply(new NormSite(-1, NormKind.Final), context.Weights.FinalNorm, groups, last);
        List<Tensor> scores = [];
        foreach (RowGroup group in groups.All)
        {
            ClassifierEffect head = group.Effects.Classifier
                ?? throw new TrainingException($"'{group.Effects.Adapter}' has no classification head, so it has no classes to score (task_type SEQ_CLS).");
            Tensor part = normed.Slice(0, group.First, group.Count).MatMulTransposed(head.Weight);
            scores.Add(head.Bias is { } bias ? part.Add(bias) : part);
        }

        return TensorOps.Concat(0, [.. scores]);
    }
}
