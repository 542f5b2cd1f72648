namespace SkPeft.Tensors.Kernels;

/// <summary>Where a blocked product takes its right operand from, a strip of columns and a stretch of the sum at a time.</summary>
internal abstract unsafe class StripSource
{
    /// <summary>Stretches of the sum begin at multiples of this.</summary>
    public abstract int DepthMultiple { get; }

    /// <summary>Writes strips [step][width], one after another, for the columns from <paramref name="column"/> on and steps k … k + depth − 1.</summary>
    /// <param name="column">First column, a multiple of the width. What lies beyond the last may be anything finite.</param>
    /// <param name="width">Columns of a strip.</param>
    /// <param name="strips">Number of strips.</param>
    /// <param name="k">First step.</param>
    /// <param name="depth">Number of steps.</param>
    /// <param name="to">Room for every strip, and 16 steps more.</param>
    public abstract void Write(int column, int width, int strips, int k, int depth, float* to);

    /// <summary>The strip where it lies in memory as the micro-kernel wants it (row by row), else null.</summary>
    /// <param name="column">First column.</param>
    /// <param name="k">First step.</param>
    /// <param name="stride">Floats between steps.</param>
    public virtual float* InPlace(int column, int k, out long stride)
    {
        stride = 0;
        return null;
    }
}
