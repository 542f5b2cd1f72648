using System.Runtime.CompilerServices;

namespace SkPeft.Tensors.Kernels;

/// <summary>Copies a strip of an operand into [k][width], the order in which the micro-kernel reads it.</summary>
internal static unsafe class GemmPacker
{
    /// <summary>Depths of packed strips are multiples of 4.</summary>
    public static int Padded(int depth) => (depth + 3) / 4 * 4;

    /// <summary>Strips of a width that hold so many lines.</summary>
    public static int Strips(int lines, int width) => (lines + width - 1) / width;

    /// <summary>Packs lines first … first + width − 1 for k0 … k0 + depth − 1; lines beyond <paramref name="lines"/> are zero.</summary>
    /// <param name="source">The operand; a line is a row of A or a column of B.</param>
    /// <param name="lines">Lines of the operand.</param>
    /// <param name="first">First line.</param>
    /// <param name="width">Width of the strip.</param>
    /// <param name="k0">First step of the sum.</param>
    /// <param name="depth">Steps of the sum; filled up with zeros to <see cref="Padded"/>.</param>
    /// <param name="to">Room for Padded(depth) × width values.</param>
    public static void Pack(in GemmOperand source, int lines, int first, int width, int k0, int depth, float* to)
    {
        int used = Math.Min(width, lines - first);
        if (used < width)
        {
            new Span<float>(to, depth * width).Clear();
        }

        new Span<float>(to + (depth * width), (Padded(depth) - depth) * width).Clear();
        if (source.SumIsContiguous)
        {
            Transpose(source.Values + (first * source.Stride) + k0, source.Stride, used, depth, to, width);
        }
        else
        {
            Copy(source.Values + (k0 * source.Stride) + first, source.Stride, used, depth, to, width);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Copy(float* from, long stride, int used, int depth, float* to, int width)
    {
        for (int k = 0; k < depth; k++, from += stride, to += width)
        {
            new ReadOnlySpan<float>(from, used).CopyTo(new Span<float>(to, width));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Transpose(float* from, long stride, int used, int depth, float* to, int width)
    {
        int line = 0;
        for (; line + 4 <= used; line += 4)
        {
            float* lines = from + (line * stride);
            int k = 0;
            for (; k + 4 <= depth; k += 4)
            {
                Transpose4.Run(lines + k, stride, to + ((long)k * width) + line, width);
            }

            CopyLines(lines, stride, 4, k, depth, to + line, width);
        }

        CopyLines(from + (line * stride), stride, used - line, 0, depth, to + line, width);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void CopyLines(float* from, long stride, int lines, int k0, int depth, float* to, int width)
    {
        for (int line = 0; line < lines; line++)
        {
            for (int k = k0; k < depth; k++)
            {
                to[((long)k * width) + line] = from[(line * stride) + k];
            }
        }
    }
}
