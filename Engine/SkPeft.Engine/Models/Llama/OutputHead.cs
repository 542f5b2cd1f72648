using System.Numerics.Tensors;
using SkPeft.Engine.Adapters;
using SkPeft.Tensors.Kernels;

namespace SkPeft.Engine.Models.Llama;

/// <summary>The final norm and the projection to the vocabulary or to an adapter's own classes, for the rows that need it only.</summary>
internal sealed unsafe class OutputHead(LlamaWeights weights, LinearRunner linears, NormRunner norms) : IDisposable
{
    private readonly ModelSizes _sizes = weights.Shape.Sizes;
    private NativeBuffer _normed = new(0);
    private NativeBuffer _logits = new(0);
    private NativeBuffer _gathered = new(0);

    /// <summary>Bytes held.</summary>
    public long Bytes => _normed.Bytes + _logits.Bytes + _gathered.Bytes;

    /// <summary>Room for rows of the residual stream that do not stand together, [rows, hidden].</summary>
    public Rows Gather(int rows)
    {
        Ensure(ref _gathered, (long)rows * _sizes.HiddenSize);
        return new Rows(_gathered.Floats, _sizes.HiddenSize, rows, _sizes.HiddenSize);
    }

    /// <summary>Logits [rows, vocabulary] of the residual stream's rows; valid until the next call.</summary>
    /// <param name="groups">Which adapter's effects touch which rows; together all rows.</param>
    /// <param name="residual">The rows.</param>
    /// <param name="precision">The precision.</param>
    public Rows Logits(PlanRows[] groups, Rows residual, Precision precision)
    {
        Rows normed = Norm(groups, residual);
        Ensure(ref _logits, (long)residual.Count * _sizes.VocabularySize);
        Rows logits = new(_logits.Floats, _sizes.VocabularySize, residual.Count, _sizes.VocabularySize);
        linears.Run(weights.Head, groups, normed, logits, false, precision);
        return logits;
    }

    /// <summary>The scores of an adapter's own classes for one row of the residual stream, [classes].</summary>
    public float[] Scores(EffectPlan plan, ClassifierEffect head, Rows residual)
    {
        Rows normed = Norm([new PlanRows(plan, 0, residual.Count)], residual);
        ReadOnlySpan<float> row = new(normed.Row(0), _sizes.HiddenSize);
        float[] scores = new float[head.Weight[0]];
        for (int i = 0; i < scores.Length; i++)
        {
            scores[i] = TensorPrimitives.Dot(row, head.Weight.Row(i)) + (head.Bias is { } bias ? bias.Data[i] : 0);
        }

        return scores;
    }

    public void Dispose()
    {
        _normed.Dispose();
        _logits.Dispose();
        _gathered.Dispose();
    }

    private Rows Norm(PlanRows[] groups, Rows residual)
    {
        int hidden = _sizes.HiddenSize;
        Ensure(ref _normed, (long)residual.Count * hidden);
        Rows normed = new(_normed.Floats, hidden, residual.Count, hidden);
        norms.Run(new NormSite(-1, NormKind.Final), weights.FinalNorm, groups, residual, normed);
        return normed;
    }

    private static void Ensure(ref NativeBuffer buffer, long floats)
    {
        if (buffer.Bytes < floats * sizeof(float))
        {
            buffer.Dispose();
            buffer = new NativeBuffer(floats * sizeof(float));
        }
    }
}
