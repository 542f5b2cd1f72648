using SkPeft.Engine.Memory;

namespace SkPeft.Engine.Models.Llama;

/// <summary>Consecutive new tokens of one sequence in a forward step.</summary>
/// <param name="sequence">The sequence; its pages receive the new keys and values.</param>
/// <param name="ids">The new tokens, at least one.</param>
/// <param name="instructionTokens">
/// How many of the first tokens of the text are the instruction. Only read by the first segment of a sequence whose adapter generates
/// soft tokens; all of them must lie in that segment.
/// </param>
internal sealed class ForwardSegment(Sequence sequence, ReadOnlyMemory<int> ids, int instructionTokens = 0)
{
    public Sequence Sequence { get; } = sequence;

    public ReadOnlyMemory<int> Ids { get; } = ids;

    public int InstructionTokens { get; } = instructionTokens;

    /// <summary>Soft tokens that run in front of the ids in this step.</summary>
    public int SoftRows { get; set; }

    /// <summary>Soft tokens and ids.</summary>
    public int Rows => SoftRows + Ids.Length;

    /// <summary>The index of the first row in the batch.</summary>
    public int FirstRow { get; set; }

    /// <summary>The index of the first id's row in the batch.</summary>
    public int FirstTextRow => FirstRow + SoftRows;

    /// <summary>The cache position of the first row.</summary>
    public int FirstPosition { get; set; }

    /// <summary>True in the step in which soft tokens are generated.</summary>
    public bool Generates { get; set; }
}
