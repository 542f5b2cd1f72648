namespace SkPeft.Tensors.Kernels;

/// <summary>Decodes a few inputs of many rows of panels, for products that sum over the rows.</summary>
internal static unsafe class TransposedStrip
{
    /// <summary>Inputs of the longest block.</summary>
    private const int LongestBlock = 32;

    /// <summary>Writes [row][input] for rows first … first + rows − 1 and inputs input … input + width − 1.</summary>
    /// <param name="decoder">The panels' kernel.</param>
    /// <param name="weights">The panels.</param>
    /// <param name="input">First input, a multiple of the width. Inputs that the matrix lacks are left as they are.</param>
    /// <param name="width">16 or 32.</param>
    /// <param name="first">First row, a multiple of 16.</param>
    /// <param name="rows">Number of rows.</param>
    /// <param name="to">Room for whole panels of rows.</param>
    public static void Decode(PanelKernel decoder, PackedMatrix weights, int input, int width, int first, int rows, float* to)
    {
        float* block = stackalloc float[(LongestBlock * PackedMatrix.PanelRows) + 16];
        float* inputs = (float*)(((nint)block + 63) & ~63);
        int start = input / decoder.BlockInputs;
        int blocks = decoder.BlocksOf(Math.Min(input + width, weights.Columns)) - start;
        float* from = inputs + ((input - (start * decoder.BlockInputs)) * PackedMatrix.PanelRows);
        for (int row = 0; row < rows; row += PackedMatrix.PanelRows, to += PackedMatrix.PanelRows * width)
        {
            byte* panel = weights.Panel((first + row) / PackedMatrix.PanelRows) + ((long)start * decoder.BlockBytes);
            decoder.Decode(panel, blocks, inputs, PackedMatrix.PanelRows);
            Transpose(from, to, width);
        }
    }

    private static void Transpose(float* from, float* to, int width)
    {
        for (int c = 0; c < width; c += 4)
        {
            for (int r = 0; r < PackedMatrix.PanelRows; r += 4)
            {
                Transpose4.Run(from + (c * PackedMatrix.PanelRows) + r, PackedMatrix.PanelRows, to + (r * width) + c, width);
            }
        }
    }
}
