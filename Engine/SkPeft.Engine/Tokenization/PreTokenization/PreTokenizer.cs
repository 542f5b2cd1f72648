namespace SkPeft.Engine.Tokenization.PreTokenization;

/// <summary>One stage that cuts or rewrites pieces before BPE sees them.</summary>
internal abstract class PreTokenizer
{
    public abstract void Apply(Pieces pieces);
}

/// <summary>Stages in order, each working on what the one before left.</summary>
internal sealed class SequencePreTokenizer(IReadOnlyList<PreTokenizer> stages) : PreTokenizer
{
    public override void Apply(Pieces pieces)
    {
        foreach (PreTokenizer stage in stages)
        {
            stage.Apply(pieces);
        }
    }
}
