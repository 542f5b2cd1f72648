using System.Runtime.InteropServices;

namespace SkPeft.Tensors.Kernels;

/// <summary>Writes rows into panels. Padding rows and inputs stay zero, as the memory was allocated.</summary>
internal static unsafe class PanelWriter
{
    private const int Rows = PackedMatrix.PanelRows;

    /// <summary>fp32, from any source.</summary>
    public static void WriteSingles(ReadOnlySpan<float> values, byte* panel, int row)
    {
        float* to = (float*)panel + row;
        for (int k = 0; k < values.Length; k++)
        {
            to[(long)k * Rows] = values[k];
        }
    }

    /// <summary>fp16 or bfloat16, as stored.</summary>
    public static void WriteHalves(ReadOnlySpan<byte> bytes, byte* panel, int row)
    {
        ReadOnlySpan<ushort> values = MemoryMarshal.Cast<byte, ushort>(bytes);
        ushort* to = (ushort*)panel + row;
        for (int k = 0; k < values.Length; k++)
        {
            to[(long)k * Rows] = values[k];
        }
    }

    /// <summary>Integers with scales.</summary>
    public static void Write(PanelKind kind, QuantisedRow source, byte* panel, int row)
    {
        bool nibbles = kind is PanelKind.CentredNibble or PanelKind.HalfNibble or PanelKind.SingleNibble;
        int inputs = kind is PanelKind.PlainGroup or PanelKind.Group ? 16 : 32;
        int weights = nibbles ? inputs * Rows / 2 : inputs * Rows;
        int block = PanelKernels.Get(InstructionSet.Vector128, kind).BlockBytes;
        for (int k = 0; k < source.Values.Length; k += inputs, panel += block)
        {
            ReadOnlySpan<sbyte> values = source.Values.AsSpan(k, inputs);
            if (nibbles)
            {
                WriteNibbles(values, kind == PanelKind.CentredNibble, panel, row);
            }
            else
            {
                WriteBytes(values, panel, row);
            }

            WriteScales(kind, source.Scales[k / QuantisedRow.Group], source.Minima[k / QuantisedRow.Group], panel + weights, row);
        }
    }

    // Four values are one 32-bit word of bytes: low nibbles are the first four of a step, high nibbles the next four
    // (NibbleOrder). In four bits, adding the offset 8 is flipping the upper bit.
    private static void WriteNibbles(ReadOnlySpan<sbyte> values, bool centred, byte* panel, int row)
    {
        ReadOnlySpan<uint> fours = MemoryMarshal.Cast<sbyte, uint>(values);
        uint flip = centred ? 0x08080808u : 0u;
        uint* to = (uint*)panel + row;
        for (int i = 0; i < fours.Length; i += 2, to += Rows)
        {
            *to = ((fours[i] ^ flip) & 0x0F0F0F0Fu) | (((fours[i + 1] ^ flip) & 0x0F0F0F0Fu) << 4);
        }
    }

    private static void WriteBytes(ReadOnlySpan<sbyte> values, byte* panel, int row)
    {
        ReadOnlySpan<short> pairs = MemoryMarshal.Cast<sbyte, short>(values);
        for (int step = 0; step < pairs.Length; step++)
        {
            ((short*)panel)[(step * Rows) + row] = pairs[step];
        }
    }

    private static void WriteScales(PanelKind kind, float scale, float minimum, byte* scales, int row)
    {
        switch (kind)
        {
            case PanelKind.CentredNibble or PanelKind.HalfByte:
                ((Half*)scales)[row] = (Half)scale;
                break;
            case PanelKind.HalfNibble:
                ((Half*)scales)[row] = (Half)scale;
                ((Half*)scales)[Rows + row] = (Half)minimum;
                break;
            case PanelKind.PlainGroup:
                ((float*)scales)[row] = scale;
                break;
            default:
                ((float*)scales)[row] = scale;
                ((float*)scales)[Rows + row] = minimum;
                break;
        }
    }
}
