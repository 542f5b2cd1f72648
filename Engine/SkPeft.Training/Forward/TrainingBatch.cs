using SkPeft.Engine.Adapters;

namespace SkPeft.Training.Forward;

/// <summary>The sequences of a step laid one below the other without padding, and where everything is.</summary>
internal sealed class TrainingBatch
{
    public TrainingBatch(IReadOnlyList<TrainingSequence> sequences)
    {
        Sequences = [.. sequences.Select(Place)];
        Positions = new int[Groups.Rows];
        foreach (PlacedSequence sequence in Sequences)
        {
            for (int row = 0; row < sequence.Rows; row++)
            {
                Positions[sequence.FirstRow + row] = sequence.FirstPosition + row;
            }
        }
    }

    /// <summary>The sequences with their places.</summary>
    public IReadOnlyList<PlacedSequence> Sequences { get; }

    /// <summary>The rows, adapter by adapter.</summary>
    public RowGroups Groups { get; } = new();

    /// <summary>The RoPE position of every row.</summary>
    public int[] Positions { get; }

    /// <summary>The largest position, plus one.</summary>
    public int PositionCount => Positions.Length == 0 ? 0 : Positions.Max() + 1;

    private PlacedSequence Place(TrainingSequence sequence)
    {
        EffectIndex effects = sequence.Effects;
        int first = Groups.Rows;
        Groups.Append(effects, effects.PromptRows + sequence.Ids.Length);
        return new PlacedSequence(sequence, first, effects.PromptRows, effects.PrefixRows + effects.GeneratedRows);
    }
}

/// <summary>A sequence in a batch.</summary>
/// <param name="Sequence">The sequence.</param>
/// <param name="FirstRow">Its first row: a soft token, if there are any.</param>
/// <param name="SoftRows">Rows of soft tokens in front of the text.</param>
/// <param name="FirstPosition">The RoPE position of its first row: keys and values in front take those before.</param>
internal sealed record PlacedSequence(TrainingSequence Sequence, int FirstRow, int SoftRows, int FirstPosition)
{
    public EffectIndex Effects => Sequence.Effects;

    public int Rows => SoftRows + Sequence.Ids.Length;

    public int FirstTextRow => FirstRow + SoftRows;
}
