using System.Runtime.CompilerServices;

namespace SkPeft.Tensors.Kernels;

/// <summary>Copies strips of an operand into [k][width], the order in which the micro-kernel reads them.</summary>
internal static unsafe class GemmPacker
{
    /// <summary>Strips of a width that hold so many lines.</summary>
    public static int Strips(int lines, int width) => (lines + width - 1) / width;

    /// <summary>Packs lines first … first + width − 1 for k0 … k0 + depth − 1; lines beyond <paramref name="lines"/> are zero.</summary>
    /// <param name="source">The operand; a line is a row of A or a column of B.</param>
    /// <param name="lines">Lines of the operand.</param>
    /// <param name="first">First line.</param>
    /// <param name="width">Width of the strip.</param>
    /// <param name="k0">First step of the sum.</param>
    /// <param name="depth">Steps of the sum.</param>
    /// <param name="to">Room for depth × width values.</param>
    public static void Pack(in GemmOperand source, int lines, int first, int width, int k0, int depth, float* to) =>
        PackMany(source, lines, first, width, 1, k0, depth, to);

    /// <summary>Packs several neighbouring strips, one after another; parameters as in <see cref="Pack"/>.</summary>
    public static void PackMany(in GemmOperand source, int lines, int first, int width, int strips, int k0, int depth, float* to)
    {
        int used = Math.Min(width * strips, lines - first);
        if (used < width * strips)
        {
            int last = used / width;
            new Span<float>(to + (last * depth * width), (strips - last) * depth * width).Clear();
        }

        if (!source.SumIsContiguous)
        {
            StripCopier.Copy(source.Values + (k0 * source.Stride) + first, source.Stride, used, depth, to, width);
            return;
        }

        for (int line = 0; line < used; line += width)
        {
            float* from = source.Values + ((first + line) * source.Stride) + k0;
            Transpose(from, source.Stride, Math.Min(width, used - line), depth, to + ((long)line * depth), width);
        }
    }

    /// <summary>to[k][line] = from[line][k].</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Transpose(float* from, long stride, int lines, int depth, float* to, int width)
    {
        int line = 0;
        for (; line + 8 <= lines; line += 8)
        {
            float* at = from + (line * stride);
            int k = 0;
            for (; k + 4 <= depth; k += 4)
            {
                Transpose8.Run(at + k, stride, to + ((long)k * width) + line, width);
            }

            CopyLines(at, stride, 8, k, depth, to + line, width);
        }

        for (; line + 4 <= lines; line += 4)
        {
            float* at = from + (line * stride);
            int k = 0;
            for (; k + 4 <= depth; k += 4)
            {
                Transpose4.Run(at + k, stride, to + ((long)k * width) + line, width);
            }

            CopyLines(at, stride, 4, k, depth, to + line, width);
        }

        CopyLines(from + (line * stride), stride, lines - line, 0, depth, to + line, width);
    }

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
