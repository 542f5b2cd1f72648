namespace SkPeft.Peft.Lora;

/// <summary>The parameters of one layer: row i of A, value i of E and column i of B belong together.</summary>
/// <param name="Module">The layer's name in the file, with the prefix.</param>
/// <param name="A">A, [r, in].</param>
/// <param name="B">B, [out, r].</param>
/// <param name="E">E, [r, 1].</param>
internal sealed record AdaLoraTriplets(string Module, TrainingParameter A, TrainingParameter B, TrainingParameter E)
{
    private const string SuffixOfA = ".lora_A.default";

    /// <summary>r.</summary>
    public int Rank => E.Value[0];

    /// <summary>The three.</summary>
    public IEnumerable<TrainingParameter> All => [A, B, E];

    /// <summary>Finds those of all layers among a run's parameters.</summary>
    public static IReadOnlyList<AdaLoraTriplets> Of(IReadOnlyList<TrainingParameter> parameters)
    {
        Dictionary<string, TrainingParameter> byName = parameters.ToDictionary(p => p.Name, StringComparer.Ordinal);
        return [.. byName.Keys.Where(n => n.EndsWith(SuffixOfA, StringComparison.Ordinal)).Select(name => name[..^SuffixOfA.Length])
            .Select(module => new AdaLoraTriplets(module, byName[module + SuffixOfA], byName[module + ".lora_B.default"], byName[module + ".lora_E.default"]))];
    }

    /// <summary>The importance of every triplet: E's, and the mean over A's row and over B's column.</summary>
    /// <param name="importanceOf">The importance of every element of a parameter.</param>
    public float[] Scores(Func<TrainingParameter, float[]> importanceOf)
    {
        float[] scores = importanceOf(E);
        float[] a = importanceOf(A);
        float[] b = importanceOf(B);
        (int inputs, int outputs) = (A.Value[1], B.Value[0]);
        for (int row = 0; row < scores.Length; row++)
        {
            double ofA = 0;
            double ofB = 0;
            for (int i = 0; i < inputs; i++)
            {
                ofA += a[(row * inputs) + i];
            }

            for (int i = 0; i < outputs; i++)
            {
                ofB += b[(i * scores.Length) + row];
            }

            scores[row] += (float)((ofA / inputs) + (ofB / outputs));
        }

        return scores;
    }

    /// <summary>Sets the singular values of rows that are not kept to 0.</summary>
    public void Prune(bool[]? kept)
    {
        for (int row = 0; row < kept?.Length; row++)
        {
            if (!kept[row])
            {
                E.Value.Data[row] = 0;
            }
        }
    }
}
