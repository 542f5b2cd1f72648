using SkPeft.Training.Data;

namespace SkPeft.Training.Objectives;

/// <summary>The token losses of an example, by passage, and beside them the slope of the step's loss along each.</summary>
internal sealed class TokenLossView
{
    private readonly Dictionary<Passage, int> _starts = new(ReferenceEqualityComparer.Instance);
    private readonly ReadOnlyMemory<float> _losses;
    private readonly Memory<float> _slopes;

    /// <summary>Lays passages over losses.</summary>
    /// <param name="passages">The example's passages, each once, in the order in which the losses were computed.</param>
    /// <param name="losses">Negative log-likelihoods.</param>
    /// <param name="slopes">Gets d loss / d each; zeros at first.</param>
    public TokenLossView(IEnumerable<Passage> passages, ReadOnlyMemory<float> losses, Memory<float> slopes)
    {
        int at = 0;
        foreach (Passage passage in passages)
        {
            _starts.Add(passage, at);
            at += passage.Losses;
        }

        (_losses, _slopes) = (losses, slopes);
    }

    /// <summary>The negative log-likelihoods of a passage's tokens, from its first loss on.</summary>
    public ReadOnlySpan<float> LossesOf(Passage passage) => _losses.Span.Slice(_starts[passage], passage.Losses);

    /// <summary>The slopes beside them.</summary>
    public Span<float> SlopesOf(Passage passage) => _slopes.Span.Slice(_starts[passage], passage.Losses);

    /// <summary>−log p of the passage's counted tokens together.</summary>
    public double Sum(Passage passage)
    {
        ReadOnlySpan<float> losses = LossesOf(passage);
        double sum = 0;
        for (int i = 0; i < losses.Length; i++)
        {
            sum += passage.Mask?[i] == false ? 0 : losses[i];
        }

        return sum;
    }

    /// <summary>Adds a slope to all counted tokens of a passage.</summary>
    public void AddSlope(Passage passage, double slope)
    {
        Span<float> slopes = SlopesOf(passage);
        for (int i = 0; i < slopes.Length; i++)
        {
            slopes[i] += passage.Mask?[i] == false ? 0 : (float)slope;
        }
    }
}
