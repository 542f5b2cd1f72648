namespace SkPeft.Engine.Models;

/// <summary>All that a LLaMA's files say about its arithmetic, checked and in one vocabulary for both formats.</summary>
public sealed record LlamaConfig
{
    /// <summary>Layers, widths, heads, vocabulary, tied head, biases.</summary>
    public required ModelSizes Sizes { get; init; }

    /// <summary>The epsilon of every RMS norm.</summary>
    public required double RmsEpsilon { get; init; }

    /// <summary>The base of the rotary frequencies.</summary>
    public required double RopeTheta { get; init; }

    /// <summary>How positions are stretched, or null.</summary>
    public RopeScaling? RopeScaling { get; init; }

    /// <summary>Positions that the model was made for.</summary>
    public required int MaxPositions { get; init; }

    /// <summary>The token that begins a text, or null.</summary>
    public int? BosTokenId { get; init; }

    /// <summary>The tokens that end an answer; may be empty.</summary>
    public IReadOnlyList<int> EosTokenIds { get; init; } = [];

    /// <summary>The type that the checkpoint's configuration names (<c>dtype</c> or <c>torch_dtype</c>), or null.</summary>
    public string? StoredType { get; init; }

    /// <summary>The rotary frequencies, θ^(−2i/d) after scaling, in radians a position: headDim / 2 numbers.</summary>
    public double[] InverseFrequencies()
    {
        double[] frequencies = new double[Sizes.HeadDim / 2];
        for (int i = 0; i < frequencies.Length; i++)
        {
            frequencies[i] = Math.Pow(RopeTheta, -2.0 * i / Sizes.HeadDim);
        }

        RopeScaling?.Apply(frequencies);
        StoredRopePrecision.Apply(frequencies, StoredType, MaxPositions);
        return frequencies;
    }
}
