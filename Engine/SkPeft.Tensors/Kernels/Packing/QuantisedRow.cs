namespace SkPeft.Tensors.Kernels;

/// <summary>One row of quantised weights taken apart: value i = Scales[i / 16] · Values[i] + Minima[i / 16].</summary>
internal sealed class QuantisedRow(int columns)
{
    /// <summary>Inputs that share an entry of <see cref="Scales"/> here; formats with longer blocks repeat it.</summary>
    public const int Group = 16;

    public sbyte[] Values { get; } = new sbyte[columns];

    public float[] Scales { get; } = new float[columns / Group];

    public float[] Minima { get; } = new float[columns / Group];

    /// <summary>False where a hostile or broken file holds infinite or undefined scales.</summary>
    public bool IsFinite => Array.TrueForAll(Scales, float.IsFinite) && Array.TrueForAll(Minima, float.IsFinite);
}
