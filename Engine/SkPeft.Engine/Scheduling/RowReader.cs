using SkPeft.Engine.Models.Llama;
using SkPeft.Tensors.Kernels;

namespace SkPeft.Engine.Scheduling;

/// <summary>Sees what comes out of the rows of a job. An exception of its own fails its job only.</summary>
internal abstract class RowReader
{
    /// <summary>The first id of the text whose row must be computed; rows before it may come from the prefix cache.</summary>
    public virtual int FirstRow => int.MaxValue;

    /// <summary>Whether <see cref="Next"/> wants the logits behind the last id.</summary>
    public virtual bool WantsNext => false;

    /// <summary>Called on the engine's thread behind every step of the job.</summary>
    /// <param name="forward">Gives logits and scores of the segment's rows.</param>
    /// <param name="segment">The segment.</param>
    /// <param name="first">The index in the text of the segment's first id.</param>
    /// <param name="isLast">Whether the segment ends with the job's last id.</param>
    /// <param name="precision">The step's precision.</param>
    public virtual void AfterStep(LlamaForward forward, ForwardSegment segment, int first, bool isLast, Precision precision)
    {
    }

    /// <summary>Tokens that may follow the text, to be run beside its last one; each of them counts only where <see cref="Next"/> says the same.</summary>
    /// <param name="text">The text so far.</param>
    public virtual int[] Guess(List<int> text) => [];

    /// <summary>Called on one of the engine's workers with the logits behind the last id, which may be overwritten.</summary>
    /// <returns>The token to go on with, or null where the job has ended.</returns>
    public virtual int? Next(Span<float> logits) => null;
}
